# shellcheck shell=bash disable=SC2154
# Makes .venv-peers with the engines that race, unless they are there. Sourced by Scripts/peers, which set
# $root to the project's folder. An engine that cannot be installed is left out of the race.

python="$root/.venv-peers/bin/python"

if [[ ! -x $python ]] && ! python3 -m venv "$root/.venv-peers"; then
  echo "peers: error: Python cannot make an environment; apt-get install python3-venv" >&2
  exit 4
fi

has_module() {
  "$python" -c "import importlib.util, sys; sys.exit(importlib.util.find_spec('$1') is None)"
}

# Requirement and module: first what makes the models, then one line an engine.
while read -r requirement module; do
  if ! has_module "$module"; then
    echo "peers: installing $requirement" >&2
    "$python" -m pip install --quiet "$requirement" >&2 \
      || echo "peers: warning: $requirement cannot be installed" >&2
  fi
done <<END
numpy numpy
onnx onnx
tensorflow-cpu tensorflow
onnxruntime onnxruntime
openvino openvino
ai-edge-litert ai_edge_litert
ncnn ncnn
MNN MNN
torch torch
END

# OpenVINO does without it, and no engine has to report to anyone while it is timed.
if has_module openvino_telemetry; then
  "$python" -m pip uninstall --quiet --yes openvino-telemetry >&2
fi
