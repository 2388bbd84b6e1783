# Makes .venv-keras with TensorFlow for the CPU, unless it is there. Sourced by the scripts above,
# which set $root to the project's folder.

if ! "$root/.venv-keras/bin/python" -c '
import importlib.util, sys
sys.exit(importlib.util.find_spec("tensorflow") is None)' 2>/dev/null; then
  echo "installing TensorFlow in .venv-keras (once, about 1.6 GB)" >&2
  if ! python3 -m venv "$root/.venv-keras"; then
    echo "Python cannot make an environment: install python3-venv (apt-get install python3-venv)" >&2
    exit 4
  fi
  "$root/.venv-keras/bin/python" -m pip install --quiet tensorflow-cpu
fi
