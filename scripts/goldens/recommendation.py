"""Goldens for the models of ratings and the metrics of ranked lists, for the tests in ModelsTests and EvaluationMetricsTests.

Needs torch 2.15, numpy 2.4 and scikit-learn 1.9. Writes Tests/Goldens/recommendation.safetensors; run it from anywhere:

    python scripts/goldens/recommendation.py

Each model is written out from its paper's formula over dense matrices: SVD++ with a matrix of who has rated what, AutoRec with the ratings' matrix, the
factorisation machine as the double sum over pairs of features. A case has its state dictionary by Glassbox's names (state.*), pairs of users and items,
y, the gradient sent back (dy) and the parameters' gradients (gradient.*), in training mode; of AutoRec, y of evaluation mode too (evaluated).

ndcg.<k> and its like are means over users of scikit-learn's ndcg_score, of ranked.<user> and relevant.<user>.
"""

import numpy as np
import torch
from sklearn.metrics import ndcg_score
from store import store

USERS, ITEMS, WIDTH = 5, 6, 3
goldens = {}
torch.manual_seed(5)


def random(*shape):
    return (torch.rand(*shape) - 0.5).requires_grad_()


def case(name, state, pairs, y, **more):
    dy = torch.randn_like(y)
    y.backward(dy)
    goldens.update({f"{name}.pairs": pairs, f"{name}.y": y.detach(), f"{name}.dy": dy, **{f"{name}.{k}": v.detach() for k, v in more.items()}})
    for key, tensor in state.items():
        goldens[f"{name}.state.{key}"] = tensor.detach().clone()
        if tensor.requires_grad:
            goldens[f"{name}.gradient.{key}"] = tensor.grad


rated = torch.rand(USERS, ITEMS) < 0.6
rated[2] = False
stars = torch.randint(1, 6, (USERS, ITEMS)).float() * rated
pairs = torch.tensor([[0, 1], [4, 5], [2, 0], [0, 3], [3, 1], [0, 1], [2, 2]])
user, item = pairs[:, 0], pairs[:, 1]
mean = torch.tensor([3.5])


def lists(rows):
    """Each row's entries that are rated, behind one another."""
    places = [torch.nonzero(row).flatten() for row in rows]
    starts = torch.tensor([0] + [len(p) for p in places]).cumsum(0)
    return {"rated.starts": starts, "rated.others": torch.cat(places), "rated.values": torch.cat([row[p] for row, p in zip(rows, places)])}


def biases(prefix=""):
    return {f"{prefix}users.weight": random(USERS, 1), f"{prefix}items.weight": random(ITEMS, 1), f"{prefix}mean": mean}


def baseline(state, prefix=""):
    return mean + state[f"{prefix}users.weight"][user, 0] + state[f"{prefix}items.weight"][item, 0]


state = biases()
case("bias", state, pairs, baseline(state))

state = {"users.weight": random(USERS, WIDTH), "items.weight": random(ITEMS, WIDTH), **biases("biases.")}
case("mf", state, pairs, baseline(state, "biases.") + (state["users.weight"] @ state["items.weight"].T)[user, item])

state = {"users.weight": random(USERS, WIDTH), "items.weight": random(ITEMS, WIDTH), "implicit.weight": random(ITEMS, WIDTH),
         **biases("biases."), **lists(stars)}
N = rated.float()
taste = state["users.weight"] + N.sum(1, keepdim=True).clamp(min=1).pow(-0.5) * (N @ state["implicit.weight"])
case("svdpp", state, pairs, baseline(state, "biases.") + (taste @ state["items.weight"].T)[user, item])

state = {"user_factors.weight": random(USERS, WIDTH), "item_factors.weight": random(ITEMS, WIDTH), "users.weight": random(USERS, WIDTH),
         "items.weight": random(ITEMS, WIDTH), "layers.0.weight": random(4, 2 * WIDTH), "layers.0.bias": random(4),
         "layers.3.weight": random(2, 4), "layers.3.bias": random(2), "head.weight": random(1, WIDTH + 2), "head.bias": random(1), "mean": mean}
deep = torch.cat([state["users.weight"][user], state["items.weight"][item]], 1)
for number in (0, 3):
    deep = torch.relu(torch.nn.functional.linear(deep, state[f"layers.{number}.weight"], state[f"layers.{number}.bias"]))
product = state["user_factors.weight"][user] * state["item_factors.weight"][item]
case("ncf", state, pairs, mean + torch.nn.functional.linear(torch.cat([product, deep], 1), state["head.weight"], state["head.bias"])[:, 0])

state = {"encoder.weight": random(USERS, WIDTH), "encoder_bias": random(WIDTH), "decoder.weight": random(USERS, WIDTH),
         "decoder_bias.weight": random(USERS, 1), "mean": mean, **lists(stars.T)}


def reconstructed(known):
    """All ratings [items, users], of those that are known."""
    inputs = (stars.T - mean) * known.T
    codes = torch.sigmoid(inputs @ state["encoder.weight"] + state["encoder_bias"])
    return mean + codes @ state["decoder.weight"].T + state["decoder_bias.weight"][:, 0]


hidden = rated.clone()
hidden[user, item] = False
case("autorec", state, pairs, reconstructed(hidden)[item, user], evaluated=reconstructed(rated)[item, user])

FEATURES = 1 + USERS + ITEMS + 3
user_features = torch.tensor([[1 + u, 1 + USERS + ITEMS + u % 2] for u in range(USERS)])
item_features = torch.tensor([[1 + USERS + i, FEATURES - 1 if i % 2 else 0] for i in range(ITEMS)])
state = {"machine.bias": random(1), "machine.linear.weight": random(FEATURES, 1), "machine.factors.weight": random(FEATURES, WIDTH),
         "user_features": user_features, "item_features": item_features}
with torch.no_grad():
    state["machine.linear.weight"][0] = 0
    state["machine.factors.weight"][0] = 0
rows = []
for u, i in pairs.tolist():
    x = [f for f in user_features[u].tolist() + item_features[i].tolist() if f > 0]
    y = state["machine.bias"][0] + sum(state["machine.linear.weight"][f, 0] for f in x)
    for a in range(len(x)):
        for b in range(a + 1, len(x)):
            y = y + state["machine.factors.weight"][x[a]] @ state["machine.factors.weight"][x[b]]
    rows.append(y)
case("fm", state, pairs, torch.stack(rows))

generator = np.random.RandomState(3)
users = []
for number in range(4):
    ranked = generator.permutation(12)
    relevant = generator.choice(12, 1 + 2 * number, replace=False)
    goldens |= {f"ranked.{number}": torch.tensor(ranked), f"relevant.{number}": torch.tensor(relevant)}
    scores = np.empty(12)
    scores[ranked] = np.arange(12, 0, -1)
    users.append((np.isin(np.arange(12), relevant).astype(float), scores))
for k in (1, 3, 5, 10):
    goldens[f"ndcg.{k}"] = torch.tensor(np.mean([ndcg_score([truth], [scores], k=k) for truth, scores in users]))
store(goldens, "recommendation")
