"""Goldens for the layers, the losses and the models: what PyTorch computes, for the tests in NeuralNetworksTests and ModelsTests.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. Writes
Tests/Goldens/{layers,activations,windows,layers_more,options,several_inputs,losses,models}.safetensors; run it from anywhere:

    python scripts/goldens/layers.py

A case is a group of tensors with one prefix: x (input), y (output), dy (the gradient sent back), dx (the input's gradient),
state.* (the state dictionary before), after.* (what of it has changed after), gradient.* (the parameters' gradients). Everything
is in float64; float32.* is the same, y, dx, gradient.* and after.*, of the same layer and inputs in float32.
"""

import copy

import torch
from store import store
from torch import nn

goldens: dict[str, torch.Tensor] = {}


def uniform(*shape, low=-2.0, high=2.0, dtype=torch.float64):
    return torch.rand(shape, dtype=dtype) * (high - low) + low


def add(name, tensor):
    goldens[name] = tensor.detach().clone().contiguous()


def randomised(module):
    """Replaces all parameters and statistics: the defaults would hide mistakes behind zeros and ones."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(uniform(*parameter.shape, low=-0.6, high=0.6))
            if parameter.dim() == 1 and name.endswith("weight"):
                parameter.copy_(uniform(*parameter.shape, low=0.5, high=1.5))
        for name, buffer in module.named_buffers():
            if name.endswith("running_mean"):
                buffer.copy_(uniform(*buffer.shape, low=-1.0, high=1.0))
            if name.endswith("running_var"):
                buffer.copy_(uniform(*buffer.shape, low=0.5, high=2.0))
    return module


def layer_case(name, module, *inputs, train=True, dtype=torch.float64):
    """Several inputs are several batches, one after the other: running statistics change with each."""
    module = randomised(module.to(dtype))
    module.train(train)
    for key, tensor in module.state_dict().items():
        add(f"{name}.state.{key}", tensor)
    single = copy.deepcopy(module).float()
    sent = batches(name, module, [x.to(dtype) for x in inputs])
    for index, (x, dy) in enumerate(zip(inputs, sent)):
        add(f"{name}.{index}.x", x.to(dtype))
        add(f"{name}.{index}.dy", dy)
    if dtype == torch.float64:
        batches(f"{name}.float32", single, [x.float() for x in inputs], [dy.float() for dy in sent])


def batches(name, module, inputs, sent=None):
    """What a module makes of one batch after the other, and of the gradients sent back: given ones, or random ones. Returns those."""
    before = {key: tensor.clone() for key, tensor in module.state_dict().items()}
    drawn = []
    for index, x in enumerate(inputs):
        x = x.clone().requires_grad_()
        y = module(x)
        dy = sent[index] if sent else uniform(*y.shape, dtype=y.dtype)
        drawn.append(dy)
        module.zero_grad()
        y.backward(dy)
        add(f"{name}.{index}.y", y)
        add(f"{name}.{index}.dx", x.grad)
        for key, parameter in module.named_parameters():
            add(f"{name}.{index}.gradient.{key}", parameter.grad)
    for key, tensor in module.state_dict().items():
        if not torch.equal(tensor, before[key]):
            add(f"{name}.after.{key}", tensor)
    return drawn


def layers():
    layer_case("linear", nn.Linear(4, 3), uniform(5, 4), uniform(4), uniform(2, 3, 4))
    layer_case("linear_no_bias", nn.Linear(4, 3, bias=False), uniform(5, 4))
    layer_case("conv2d", nn.Conv2d(3, 4, 3), uniform(2, 3, 6, 5))
    layer_case("conv2d_strided", nn.Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 2)), uniform(2, 2, 7, 5))
    layer_case("conv2d_dilated", nn.Conv2d(2, 3, 3, dilation=(2, 1), bias=False), uniform(1, 2, 8, 6))
    layer_case("conv2d_grouped", nn.Conv2d(4, 6, 3, padding=1, groups=2), uniform(2, 4, 5, 5))
    layer_case("max_pool2d", nn.MaxPool2d(2), uniform(2, 3, 6, 5))
    layer_case("max_pool2d_overlapping", nn.MaxPool2d(3, stride=2, padding=1), uniform(2, 2, 7, 6))
    layer_case("avg_pool2d", nn.AvgPool2d(2), uniform(2, 3, 6, 5))
    layer_case("avg_pool2d_padded", nn.AvgPool2d(3, stride=2, padding=1), uniform(2, 2, 7, 6))
    layer_case(
        "avg_pool2d_inside", nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), uniform(2, 2, 7, 6))
    layer_case("flatten", nn.Flatten(), uniform(2, 3, 4, 5))
    layer_case("relu", nn.ReLU(), uniform(3, 5))
    layer_case("tanh", nn.Tanh(), uniform(3, 5))
    layer_case("sigmoid", nn.Sigmoid(), uniform(3, 5, low=-8, high=8))
    layer_case("softmax", nn.Softmax(dim=1), uniform(3, 5, 2))
    rows = [uniform(6, 3, low=-3, high=1 + index) for index in range(3)]
    layer_case("batch_norm1d", nn.BatchNorm1d(3), *rows)
    layer_case("batch_norm1d_sequence", nn.BatchNorm1d(3), uniform(2, 3, 4))
    layer_case("batch_norm1d_average", nn.BatchNorm1d(3, momentum=None, eps=1e-3), *rows)
    layer_case("batch_norm1d_evaluation", nn.BatchNorm1d(3), uniform(4, 3), train=False)
    layer_case("batch_norm2d", nn.BatchNorm2d(3, momentum=0.3), uniform(2, 3, 4, 5), uniform(3, 3, 2, 2))
    layer_case("batch_norm2d_evaluation", nn.BatchNorm2d(3), uniform(2, 3, 4, 5), train=False)
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Sequential(nn.Linear(4 * 3 * 3, 8), nn.Tanh()), nn.Dropout(0.0), nn.Linear(8, 3))
    layer_case("network", network, uniform(5, 1, 6, 6), uniform(2, 1, 6, 6))


def activations():
    wide = uniform(3, 5, low=-5, high=9)
    for name, module in [
        ("gelu", nn.GELU()), ("gelu_tanh", nn.GELU("tanh")), ("silu", nn.SiLU()), ("mish", nn.Mish()),
        ("softplus", nn.Softplus(2, 3)), ("log_sigmoid", nn.LogSigmoid()), ("softsign", nn.Softsign()),
        ("tanhshrink", nn.Tanhshrink()), ("leaky_relu", nn.LeakyReLU(0.2)), ("elu", nn.ELU(0.75)), ("selu", nn.SELU()),
        ("celu", nn.CELU(0.5)), ("relu6", nn.ReLU6()), ("hardtanh", nn.Hardtanh(-2, 3)), ("hardswish", nn.Hardswish()),
        ("softshrink", nn.Softshrink(0.25)), ("hardshrink", nn.Hardshrink(0.25)), ("threshold", nn.Threshold(0.5, -1)),
        ("identity", nn.Identity()), ("log_softmax", nn.LogSoftmax(1)),
    ]:
        layer_case(name, module, wide)
    layer_case("prelu", nn.PReLU(), uniform(3, 5))
    layer_case("prelu_channels", nn.PReLU(3), uniform(2, 3, 4))
    layer_case("glu", nn.GLU(1), uniform(2, 6, 3))


def windows():
    layer_case("conv1d", nn.Conv1d(3, 4, 3, stride=2, padding=1), uniform(2, 3, 8))
    layer_case("conv3d", nn.Conv3d(2, 4, (2, 3, 2), padding=(1, 0, 1), groups=2), uniform(1, 2, 3, 4, 3))
    layer_case("conv_transpose1d", nn.ConvTranspose1d(3, 2, 3, stride=2, output_padding=1), uniform(2, 3, 4))
    layer_case("conv_transpose2d", nn.ConvTranspose2d(3, 4, 4, stride=2, padding=1), uniform(2, 3, 3, 2))
    layer_case("conv_transpose3d", nn.ConvTranspose3d(2, 2, 2, stride=(2, 1, 2), bias=False), uniform(1, 2, 2, 3, 2))
    layer_case("max_pool1d", nn.MaxPool1d(3, 2, 1), uniform(2, 2, 7))
    layer_case("avg_pool1d", nn.AvgPool1d(2), uniform(2, 2, 7))
    layer_case("max_pool3d", nn.MaxPool3d(2), uniform(1, 2, 4, 4, 2))
    layer_case("avg_pool3d", nn.AvgPool3d((2, 1, 2)), uniform(1, 2, 4, 3, 2))
    layer_case("adaptive_avg_pool1d", nn.AdaptiveAvgPool1d(3), uniform(2, 2, 7))
    layer_case("adaptive_avg_pool2d", nn.AdaptiveAvgPool2d((2, 3)), uniform(2, 2, 5, 7))
    layer_case("adaptive_max_pool2d", nn.AdaptiveMaxPool2d((3, 2)), uniform(2, 2, 5, 7))
    layer_case("upsample", nn.Upsample(scale_factor=2, mode="bilinear"), uniform(1, 2, 3, 4))
    layer_case("pixel_shuffle", nn.PixelShuffle(2), uniform(1, 8, 2, 3))
    layer_case("zero_pad2d", nn.ZeroPad2d((1, 2, 0, 3)), uniform(1, 2, 3, 2))
    layer_case("reflection_pad2d", nn.ReflectionPad2d(2), uniform(1, 2, 4, 3))


def layers_more():
    """Layers of which each is a few lines over the others' ops."""
    layer_case("max_pool3d_dilated", nn.MaxPool3d(2, stride=1, dilation=(2, 1, 1)), uniform(1, 2, 4, 3, 3))
    layer_case("adaptive_avg_pool3d", nn.AdaptiveAvgPool3d((2, 3, 1)), uniform(1, 2, 5, 4, 3))
    layer_case("adaptive_max_pool1d", nn.AdaptiveMaxPool1d(3), uniform(2, 2, 7))
    layer_case("adaptive_max_pool3d", nn.AdaptiveMaxPool3d((2, 1, 3)), uniform(1, 2, 5, 4, 3))
    layer_case("lp_pool1d", nn.LPPool1d(2, 3, stride=2), uniform(2, 2, 8))
    layer_case("lp_pool2d", nn.LPPool2d(1.5, (2, 3)), uniform(1, 2, 5, 6, low=0.1))
    layer_case("lp_pool3d", nn.LPPool3d(2, 2), uniform(1, 2, 4, 2, 4))
    layer_case("constant_pad1d", nn.ConstantPad1d((2, 1), 0.5), uniform(2, 2, 3))
    layer_case("circular_pad1d", nn.CircularPad1d((3, 1)), uniform(2, 2, 3))
    layer_case("replication_pad2d", nn.ReplicationPad2d((1, 0, 2, 3)), uniform(1, 2, 3, 2))
    layer_case("reflection_pad3d", nn.ReflectionPad3d((1, 2, 0, 1, 1, 1)), uniform(1, 2, 2, 3, 3))
    layer_case("zero_pad3d", nn.ZeroPad3d((1, 2, 0, 1, 3, 0)), uniform(1, 2, 2, 3, 2))
    layer_case("softmin", nn.Softmin(dim=1), uniform(3, 5, 2))
    layer_case("rrelu", nn.RReLU(0.1, 0.4), uniform(3, 5), train=False)
    layer_case("batch_norm3d", nn.BatchNorm3d(2, momentum=0.3), uniform(2, 2, 3, 2, 2), uniform(1, 2, 2, 2, 2))
    sequences = [uniform(3, 2, 5), uniform(2, 2, 4)]
    layer_case("instance_norm1d", nn.InstanceNorm1d(2, affine=True, track_running_stats=True), *sequences)
    layer_case("instance_norm1d_evaluation", nn.InstanceNorm1d(2, track_running_stats=True), uniform(3, 2, 5), train=False)
    layer_case("instance_norm2d", nn.InstanceNorm2d(2, momentum=0.4, track_running_stats=True), uniform(2, 2, 3, 4))
    layer_case("instance_norm3d", nn.InstanceNorm3d(2, affine=True), uniform(2, 2, 2, 3, 2))
    layer_case("local_response_norm", nn.LocalResponseNorm(3, alpha=0.5, beta=0.6, k=2.0), uniform(2, 5, 3, 2))
    layer_case("local_response_norm_even", nn.LocalResponseNorm(4, alpha=0.5), uniform(2, 6, 3))
    layer_case("unflatten", nn.Unflatten(1, (2, -1)), uniform(3, 6))
    layer_case("unfold", nn.Unfold((2, 3), stride=2, padding=1), uniform(2, 2, 5, 4))
    layer_case("fold", nn.Fold((4, 5), (2, 3), padding=(1, 0)), uniform(2, 12, 15))
    layer_case("channel_shuffle", nn.ChannelShuffle(3), uniform(2, 6, 2, 2))
    layer_case("pixel_unshuffle", nn.PixelUnshuffle(2), uniform(1, 2, 4, 6))
    for name, map in [("expm", "matrix_exp"), ("cayley", "cayley")]:
        for shape, module in [("square", nn.Linear(3, 3)), ("tall", nn.Linear(2, 4)), ("wide", nn.Linear(4, 3))]:
            constrained = nn.utils.parametrizations.orthogonal(module.double(), "weight", map)
            layer_case(f"orthogonal_{name}_{shape}", constrained, uniform(5, module.in_features))
    layer_case("batch_norm1d_plain", nn.BatchNorm1d(3, affine=False), uniform(6, 3))
    for name, module, x in [
        ("weight_norm_conv1d", nn.Conv1d(2, 3, 2), uniform(2, 2, 5)),
        ("weight_norm_conv_transpose2d", nn.ConvTranspose2d(2, 3, 2), uniform(1, 2, 3, 3)),
    ]:
        layer_case(name, nn.utils.parametrizations.weight_norm(module), x)


def options():
    """Options that change where a layer looks: a file of its own, in which the others' random numbers stay."""
    layer_case("conv1d_same", nn.Conv1d(2, 3, 4, padding="same", dilation=3), uniform(2, 2, 11))
    layer_case("conv2d_same", nn.Conv2d(2, 4, (3, 5), padding="same", dilation=(2, 1), groups=2), uniform(2, 2, 5, 6))
    layer_case("conv2d_same_even", nn.Conv2d(2, 3, (2, 3), padding="same"), uniform(2, 2, 4, 3))
    layer_case("conv3d_same", nn.Conv3d(1, 2, (3, 2, 1), padding="same", bias=False), uniform(1, 1, 3, 4, 2))
    layer_case("conv1d_reflected", nn.Conv1d(2, 3, 5, 2, 2, padding_mode="reflect"), uniform(2, 2, 8))
    layer_case("conv1d_wrapped_same", nn.Conv1d(2, 3, 4, padding="same", dilation=2, padding_mode="circular"), uniform(2, 2, 7))
    layer_case("conv2d_reflected_same", nn.Conv2d(2, 3, (4, 3), padding="same", padding_mode="reflect"), uniform(2, 2, 5, 4))
    layer_case("conv2d_repeated", nn.Conv2d(2, 3, 3, (1, 2), (1, 3), padding_mode="replicate"), uniform(2, 2, 4, 3))
    layer_case(
        "conv2d_wrapped", nn.Conv2d(2, 4, 3, padding=(1, 2), groups=2, bias=False, padding_mode="circular"), uniform(2, 2, 4, 3))
    layer_case("conv3d_repeated", nn.Conv3d(1, 2, (2, 3, 2), padding=1, padding_mode="replicate"), uniform(1, 1, 3, 3, 2))
    layer_case("conv3d_wrapped", nn.Conv3d(1, 2, 2, 2, (1, 0, 1), padding_mode="circular"), uniform(1, 1, 3, 4, 2))
    layer_case("conv3d_reflected_same", nn.Conv3d(1, 2, (2, 3, 2), padding="same", padding_mode="reflect"), uniform(1, 1, 3, 4, 2))
    layer_case("max_pool1d_ceil", nn.MaxPool1d(2, 3, 1, 2, ceil_mode=True), uniform(2, 2, 8))
    layer_case("max_pool2d_ceil", nn.MaxPool2d((2, 3), padding=1, ceil_mode=True), uniform(2, 2, 5, 5))
    layer_case("max_pool3d_ceil", nn.MaxPool3d(2, (1, 2, 3), ceil_mode=True), uniform(1, 2, 3, 5, 4))
    layer_case("avg_pool1d_ceil", nn.AvgPool1d(4, 3, 2, ceil_mode=True), uniform(2, 2, 8))
    layer_case("avg_pool2d_ceil", nn.AvgPool2d(3, 2, (1, 0), ceil_mode=True, count_include_pad=False), uniform(2, 2, 4, 6))
    layer_case("avg_pool3d_ceil", nn.AvgPool3d(3, 2, (1, 0, 1), ceil_mode=True, divisor_override=11), uniform(1, 2, 4, 4, 3))
    layer_case("lp_pool1d_ceil", nn.LPPool1d(2, 3, 2, ceil_mode=True), uniform(2, 2, 8))
    layer_case("lp_pool2d_ceil", nn.LPPool2d(3, (2, 3), ceil_mode=True), uniform(1, 2, 5, 5, low=0.1))
    layer_case("batch_norm1d_untracked", nn.BatchNorm1d(3, track_running_stats=False), uniform(6, 3), uniform(2, 3, 4))
    layer_case("batch_norm2d_untracked_evaluation", nn.BatchNorm2d(3, track_running_stats=False), uniform(2, 3, 4, 2), train=False)
    layer_case("batch_norm2d_plain_evaluation", nn.BatchNorm2d(3, affine=False), uniform(2, 3, 4, 2), train=False)
    layer_case("batch_norm3d_bare", nn.BatchNorm3d(2, affine=False, track_running_stats=False), uniform(2, 2, 3, 2, 2))
    layer_case("instance_norm2d_plain", nn.InstanceNorm2d(2), uniform(2, 2, 3, 4))
    tracked = {"affine": True, "track_running_stats": True}
    layer_case("instance_norm2d_evaluation", nn.InstanceNorm2d(2, **tracked), uniform(2, 2, 3, 4), train=False)
    layer_case("instance_norm3d_tracked", nn.InstanceNorm3d(2, **tracked), uniform(2, 2, 2, 3, 2), uniform(1, 2, 2, 2, 2))
    layer_case("group_norm_plain", nn.GroupNorm(2, 4, affine=False), uniform(2, 4, 3))
    layer_case("layer_norm_no_bias", nn.LayerNorm([2, 3], bias=False), uniform(4, 2, 3))
    layer_case("layer_norm_plain", nn.LayerNorm(4, elementwise_affine=False), uniform(3, 4))
    layer_case("rms_norm_plain", nn.RMSNorm(4, elementwise_affine=False), uniform(3, 4))
    layer_case("upsample1d", nn.Upsample(7, mode="linear", align_corners=True), uniform(2, 2, 4))
    layer_case("upsample1d_factor", nn.Upsample(scale_factor=1.5, mode="linear"), uniform(2, 2, 5))
    layer_case("upsample2d_exact", nn.Upsample(5, mode="nearest-exact"), uniform(1, 2, 3, 4))
    layer_case("upsample2d_cubic", nn.Upsample(scale_factor=(2, 1.3), mode="bicubic"), uniform(1, 2, 3, 4))
    layer_case("upsample3d", nn.Upsample(scale_factor=(2, 1, 1.6), mode="trilinear"), uniform(1, 2, 2, 2, 3))
    layer_case("upsample3d_nearest", nn.Upsample(scale_factor=2), uniform(1, 2, 2, 1, 3))
    layer_case("lp_pool3d_ceil", nn.LPPool3d(2, 2, ceil_mode=True), uniform(1, 2, 3, 2, 3))


def several_inputs():
    """Layers of more than one input: x.0, x.1, … and dx.0, dx.1, …, otherwise as layer_case."""

    def case(name, module, call, *inputs):
        module = randomised(module.double())
        for key, tensor in module.state_dict().items():
            if key != "_random_samples":
                add(f"{name}.state.{key}", tensor)
        leaves = [x.clone().requires_grad_(x.is_floating_point()) for x in inputs]
        y = call(module, *leaves)
        dy = uniform(*y.shape)
        module.zero_grad()
        y.backward(dy)
        add(f"{name}.y", y)
        add(f"{name}.dy", dy)
        for index, x in enumerate(leaves):
            add(f"{name}.x.{index}", x)
            if x.grad is not None:
                add(f"{name}.dx.{index}", x.grad)
        for key, parameter in module.named_parameters():
            add(f"{name}.gradient.{key}", parameter.grad if parameter.grad is not None else torch.zeros_like(parameter))

    plain = lambda m, *x: m(*x)
    case("bilinear", nn.Bilinear(3, 4, 2), plain, uniform(5, 3), uniform(5, 4))
    case("bilinear_no_bias", nn.Bilinear(2, 2, 3, bias=False), plain, uniform(2, 3, 2), uniform(2, 3, 2))
    for d, shape in [(1, (8,)), (2, (4, 6)), (3, (4, 2, 4))]:
        pool = getattr(nn, f"MaxPool{d}d")(2, return_indices=True)
        unpool = getattr(nn, f"MaxUnpool{d}d")(2)
        case(f"max_unpool{d}d", unpool, lambda m, x, p=pool: m(*p(x)), uniform(2, 2, *shape))
    case(
        "max_unpool2d_size", nn.MaxUnpool2d(2, stride=2, padding=1),
        lambda m, x: m(*nn.functional.max_pool2d(x, 2, 2, 1, return_indices=True), output_size=(5, 5)), uniform(1, 2, 5, 5))
    samples = torch.rand(2, 3, 2).double()
    case(
        "fractional_max_pool2d", nn.FractionalMaxPool2d((2, 3), output_size=(4, 3), _random_samples=samples.flip(2)),
        lambda m, x, u: m(x), uniform(2, 3, 9, 8), samples)
    samples = torch.rand(1, 2, 3).double()
    case(
        "fractional_max_pool3d", nn.FractionalMaxPool3d(2, output_size=(2, 3, 4), _random_samples=samples),
        lambda m, x, u: m(x), uniform(1, 2, 5, 7, 6), samples)
    adaptive = lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 12, [3, 7], div_value=2.0, head_bias=True)
    labels = torch.tensor([0, 11, 3, 6, 2, 9])
    case("adaptive_softmax", adaptive(), lambda m, x, y: m(x, y).output, uniform(6, 8), labels)
    case("adaptive_softmax_loss", adaptive(), lambda m, x, y: m(x, y).loss, uniform(6, 8), labels)
    case("adaptive_softmax_all", adaptive(), lambda m, x: m.log_prob(x), uniform(4, 8))
    transformer = nn.Transformer(8, 2, 2, 2, 12, dropout=0.0, batch_first=True)
    unseen = ~torch.ones(3, 3).tril().bool()
    case("transformer", transformer, lambda m, s, t: m(s, t, tgt_mask=unseen), uniform(2, 4, 8), uniform(2, 3, 8))


def loss_case(name, loss, prediction, target, **extra):
    add(f"{name}.prediction", prediction)
    add(f"{name}.target", target)
    for key, tensor in extra.items():
        add(f"{name}.{key}", tensor)
    for reduction in ["mean", "sum", "none"]:
        p = prediction.clone().requires_grad_()
        t = target.clone().requires_grad_()
        value = loss(p, t, reduction=reduction)
        add(f"{name}.{reduction}", value)
        value.backward(torch.ones_like(value))
        add(f"{name}.{reduction}.prediction_gradient", p.grad)
        add(f"{name}.{reduction}.target_gradient", t.grad)


def losses():
    functional = nn.functional
    loss_case("mse", functional.mse_loss, uniform(4, 3), uniform(4, 3))
    loss_case("l1", functional.l1_loss, uniform(4, 3), uniform(4, 3))
    for name, delta in [("huber", 1.0), ("huber_narrow", 0.25)]:
        loss_case(
            name, lambda p, t, reduction, d=delta: functional.huber_loss(p, t, reduction=reduction, delta=d),
            uniform(4, 3), uniform(4, 3))
    bce = functional.binary_cross_entropy_with_logits
    logits = torch.cat([uniform(4, 3, low=-5, high=5), torch.tensor([[0.0, 60.0, -60.0]], dtype=torch.float64)])
    loss_case("bce", bce, logits, uniform(5, 3, low=0, high=1))
    loss_case("bce_hard", bce, logits, (uniform(5, 3) > 0).double())
    weight = torch.tensor([0.5, 1.0, 3.0], dtype=torch.float64)
    loss_case(
        "bce_weighted", lambda p, t, reduction: bce(p, t, reduction=reduction, pos_weight=weight), logits,
        uniform(5, 3, low=0, high=1), weight=weight)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.layers = nn.Sequential(nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 6), nn.Tanh(), nn.Linear(6, 3))

    def forward(self, x):
        return self.layers(self.flatten(x))


class LeNet(nn.Module):
    def __init__(self, padding=0, features=400):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5, padding=padding)
        self.fc1 = nn.Linear(features, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = torch.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)


def models():
    """In float32, and without the gradients of the large weights: small files."""
    layer_case("mlp", MLP(), uniform(4, 3, 4), dtype=torch.float32)
    layer_case("lenet_small", LeNet(padding=2, features=64), uniform(2, 1, 8, 8), dtype=torch.float32)
    layer_case("lenet", LeNet(), uniform(2, 1, 28, 28), dtype=torch.float32)
    for name in [name for name in goldens if "lenet" in name and "gradient" in name and goldens[name].numel() > 3000]:
        del goldens[name]


if __name__ == "__main__":
    for write in [layers, activations, windows, layers_more, options, several_inputs, losses, models]:
        torch.manual_seed(7)
        goldens.clear()
        write()
        store(goldens, write.__name__)
