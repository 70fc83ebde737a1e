import Models
import TensorCore

/// The networks for pictures, by short names.
///
/// ```swift
/// let network = PictureNetwork.resnet.architecture(size: 32, channels: 3, classes: 10, recipe: .pictures)
/// network == .resNetCIFAR(blocks: 3, channels: 3, classes: 10, width: 16)  // → true
/// ```
public enum PictureNetwork: String, Sendable, Hashable, Codable, CaseIterable {
  /// Affine maps and rectifiers: pixels, two layers of 128 and 64 (of fewer than 100 pixels) or 512 and 256, classes.
  case mlp
  /// `LeNet`
  case lenet
  /// `ResNetCIFAR`, for pictures up to about 64×64; its sizes stand in the recipe.
  case resnet
  case resnet18, resnet34, resnet50
  /// `VGG` with batch normalisation, and affine maps of width 512.
  case vgg11, vgg16

  /// The network's name and sizes, for pictures of a size.
  public func architecture(size: Size2D, channels: Int, classes: Int, recipe: Recipe) -> Architecture {
    switch self {
    case .mlp:
      let pixels = channels * size.height * size.width
      return .mlp(sizes: [pixels] + (pixels < 100 ? [128, 64] : [512, 256]) + [classes])
    case .lenet: return .leNet(pictureSize: size, channels: channels, classes: classes)
    case .resnet:
      return .resNetCIFAR(blocks: recipe.blocks, channels: channels, classes: classes, width: recipe.width)
    case .resnet18: return .resNet(.resNet18, channels: channels, classes: classes)
    case .resnet34: return .resNet(.resNet34, channels: channels, classes: classes)
    case .resnet50: return .resNet(.resNet50, channels: channels, classes: classes)
    case .vgg11: return .vgg(.vgg11, normalised: true, channels: channels, classes: classes, hidden: 512)
    case .vgg16: return .vgg(.vgg16, normalised: true, channels: channels, classes: classes, hidden: 512)
    }
  }
}
