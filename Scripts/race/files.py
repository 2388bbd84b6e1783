"""What the files of one network are called, in the folder that `race.models` writes."""

IMAGE = "image.npy"  # [batch, rows, columns, 3], preprocessed
ANSWER = "answer.npy"  # [batch, classes], Keras's probabilities in float64
REPORT = "models.json"  # format -> why it could not be written, or null

GRAPH = "model.graph"
ONNX = "model.onnx"
TFLITE = "model.tflite"
MNN = "model.mnn"
NCNN_LAYERS = "model.param"
NCNN_WEIGHTS = "model.bin"
