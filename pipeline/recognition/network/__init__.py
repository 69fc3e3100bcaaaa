"""The network of a .traineddata file, run by ONNX Runtime: one line image in, words out."""
