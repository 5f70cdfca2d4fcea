"""Serves a GGUF model on 127.0.0.1 as an OpenAI-compatible endpoint, until its standard input ends.

Usage: serve.py MODEL.gguf PORT. The parent holds our standard input: when it dies, however it dies, the pipe closes and we stop.
"""

import os
import sys

import xllamacpp

weights, port = sys.argv[1], int(sys.argv[2])
params = xllamacpp.CommonParams()
params.model.path = weights
params.n_ctx = 4096  # shared by the slots
params.n_parallel = 2
params.hostnames = ["127.0.0.1"]
params.port = port
# What SmolLM2's authors advise; the slight penalty keeps a model this small from going round in circles.
params.sampling.temp = 0.2
params.sampling.top_p = 0.9
params.sampling.penalty_repeat = 1.05
server = xllamacpp.Server(params)
print(f"listening on {server.listening_address}", flush=True)
sys.stdin.buffer.read()
# Without the destructors of llama.cpp, which may wait for a generation under way.
os._exit(0)
