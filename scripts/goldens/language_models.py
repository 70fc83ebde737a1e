"""Goldens for language models: what Hugging Face's BERT and GPT-2 make of tokens, at small sizes with random weights, for the tests in ModelsTests.

Needs torch 2.15, transformers 5.23 and safetensors 0.8. Writes Tests/Goldens/language_models/{bert,gpt2}/: config.json and model.safetensors as
`save_pretrained` writes them, and outputs.safetensors; run it from anywhere:

    python scripts/goldens/language_models.py
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from store import store
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel

FOLDER = Path(__file__).resolve().parents[2] / "Tests/Goldens/language_models"
TOKENS = torch.tensor([[2, 17, 30, 4, 11, 3], [2, 8, 3, 0, 0, 0]])


def weights(model):
    """From a formula: the same on every machine. Element i of the p-th parameter is 0.2·sin(1.3·i + p), plus 1 for a normalisation's weight."""
    for place, (name, parameter) in enumerate(sorted(model.named_parameters())):
        wave = 0.2 * torch.sin(1.3 * torch.arange(parameter.numel(), dtype=torch.float64) + place)
        is_scale = name.endswith("weight") and ("LayerNorm" in name or ".ln_" in name)
        parameter.data = (wave + is_scale).reshape(parameter.shape).float()
    return model.eval()


def save(model, name, outputs):
    folder = FOLDER / name
    model.save_pretrained(folder)
    # The class and the version are of no use here.
    settings = json.loads((folder / "config.json").read_text())
    settings = {key: value for key, value in settings.items() if key not in ("transformers_version", "architectures")}
    (folder / "config.json").write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")
    store(outputs, f"language_models/{name}/outputs")


def main():
    bert = weights(BertModel(BertConfig(
        vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24, max_position_embeddings=12)))
    segments = torch.tensor([[0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 0, 0]])
    gpt2 = weights(GPT2LMHeadModel(GPT2Config(
        vocab_size=40, n_embd=16, n_layer=2, n_head=2, n_positions=12, bos_token_id=0, eos_token_id=0)))
    prompt = torch.tensor([[5, 9, 1]])
    with torch.no_grad():
        y = bert(TOKENS, attention_mask=(TOKENS != 0).long(), token_type_ids=segments)
        save(bert, "bert", {"tokens": TOKENS, "segments": segments, "last": y.last_hidden_state, "pooled": y.pooler_output})
        outputs = {"tokens": TOKENS, "logits": gpt2(TOKENS).logits, "prompt": prompt}
        options = dict(max_new_tokens=6, pad_token_id=0)
        outputs["greedy"] = gpt2.generate(prompt, do_sample=False, **options)
        outputs["penalised"] = gpt2.generate(prompt, do_sample=False, repetition_penalty=1.5, **options)
        outputs["beams"] = gpt2.generate(prompt, do_sample=False, num_beams=3, length_penalty=1.0, eos_token_id=None, **options)
        save(gpt2, "gpt2", outputs)


if __name__ == "__main__":
    main()
