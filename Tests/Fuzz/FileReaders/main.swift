import FuzzHarness

FuzzProgram.main([.npy, .safetensors, .journal, .plan, .records])
