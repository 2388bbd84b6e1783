import FuzzHarness

FuzzProgram.main([.json, .schedule, .network, .keys, .words, .labels])
