# Makes .venv-keras with TensorFlow for the CPU, unless it is there. Sourced from the project's root.

python=.venv-keras/bin/python
if ! { [ -x "$python" ] && "$python" -c 'import tensorflow' 2>/dev/null; }; then
  echo "installing TensorFlow in .venv-keras (once, about 1.5 GB)" >&2
  if ! python3 -m venv .venv-keras; then
    echo "Python cannot make an environment: install python3-venv (apt-get install python3-venv)" >&2
    exit 4
  fi
  "$python" -m pip install --quiet tensorflow-cpu
fi
unset python
