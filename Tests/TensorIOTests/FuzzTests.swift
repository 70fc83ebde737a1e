import Foundation
import TensorCore
import TensorIO
import Testing

/// The readers of files, and what to damage.
private enum Reader: String, CaseIterable, CustomTestStringConvertible {
  case npy, npz, safetensors, idx, pt, json, jpg, png

  var testDescription: String { rawValue }

  /// Whole files, small ones, as seeds.
  func seeds() throws -> [[UInt8]] {
    let folder = self == .jpg || self == .png ? picture("") : golden("")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter {
      $0.hasSuffix(".\(rawValue)")
    }
    var seeds = try names.sorted().map { try bytes(folder.appending(path: $0)) }
    switch self {
    case .npy: seeds += assortment.values.filter { $0.dtype != .bfloat16 }.map { Npy.encode($0) }
    case .npz, .json, .jpg, .png: break
    case .pt:
      // Without a checksum in the way, what is damaged is the pickle.
      seeds += seeds.compactMap { pickle(in: $0) }.filter { $0.count < 2000 }.map { Self.barePickle + $0 }
    case .safetensors: seeds += [SafeTensors.encode(assortment, metadata: ["a": "b"]), SafeTensors.encode([:])]
    case .idx:
      let archive = "H4sIAAAAAAACA2Ng4GBkYGB+wTAKRsEoGPYAALudI/LwAwAA"
      seeds.append([UInt8](try #require(Data(base64Encoded: archive))))
    }
    return seeds
  }

  /// What stands before a pickle that is to be put into an archive, its checksum right, when it is read.
  private static let barePickle = Array("bare".utf8)

  /// The pickle in an archive of PyTorch's, where it is stored as it is.
  private func pickle(in archive: [UInt8]) -> [UInt8]? {
    guard let name = archive.range(of: Array("/data.pkl".utf8)),
      let start = archive[name.upperBound...].firstIndex(of: 0x80)
    else { return nil }
    let pickle = Array(archive[start...])
    guard [2, 4].contains(pickle[1]), let end = pickle.range(of: [0x50, 0x4b]) else { return nil }
    return Array(pickle[..<end.lowerBound])
  }

  /// Reads all that the bytes hold, and looks at it; true when they were accepted.
  func accepts(_ bytes: [UInt8]) -> Bool {
    do throws(FileError) {
      let tensors: [Tensor]
      switch self {
      case .npy: tensors = [try Npy.decode(bytes)]
      case .npz: tensors = Array(try Npz.decode(bytes, limit: 1 << 20).values)
      case .safetensors:
        let file = try SafeTensors(encoded: bytes)
        tensors = file.names.compactMap { try? file[$0] }
      case .idx: tensors = [try IDX.decode(bytes, limit: 1 << 20)]
      case .jpg, .png: tensors = [try PictureFile.decode(bytes, options: PictureOptions(pixelLimit: 1 << 16))]
      case .pt:
        var file = bytes
        if bytes.starts(with: Self.barePickle) {
          let storages = (0..<12).map { ("x/data/\($0)", [UInt8](repeating: 1, count: 24 << ($0 & 1))) }
          file = storedZip([("x/data.pkl", Array(bytes.dropFirst(4)))] + storages)
        }
        tensors = Self.tensors(in: try PyTorchCheckpoint(encoded: file, limit: 1 << 20).value)
      case .json:
        let file = FileManager.default.temporaryDirectory.appending(path: "glassbox-fuzz-\(getpid()).json")
        defer { unlink(file.path()) }
        guard (try? Data(bytes).write(to: file)) != nil else { return false }
        do throws(FileError) {
          tensors = Array(try ShardedSafeTensors(contentsOf: file).tensors().values)
        } catch {
          // The shards are elsewhere: an index is accepted when it gets so far as to miss one.
          return "\(error)".contains("no such file")
        }
      }
      for tensor in tensors { tensor.withUnsafeBytes { _ = $0.reduce(0, &+) } }
      return true
    } catch {
      // A message must be had as well.
      return error.description.isEmpty
    }
  }
}

extension Reader {
  fileprivate static func tensors(in value: PyTorchValue) -> [Tensor] {
    switch value {
    case .tensor(let tensor): [tensor]
    case .list(let items), .tuple(let items): items.flatMap(tensors(in:))
    case .dictionary(let entries): entries.flatMap { tensors(in: $0.value) }
    default: []
    }
  }
}

/// How long to look for a file that breaks a reader: `GLASSBOX_FUZZ_SECONDS` for all readers together, else 4.
private let fuzzSeconds = ProcessInfo.processInfo.environment["GLASSBOX_FUZZ_SECONDS"].flatMap(Double.init) ?? 4

@Suite("A damaged file is refused or read, and never ends the program", .serialized)
struct FuzzTests {
  @Test("cut short anywhere, or with one bit changed", arguments: Reader.allCases)
  fileprivate func systematically(reader: Reader) throws {
    let last = try LastInput(reader.rawValue)
    for seed in try reader.seeds() {
      for length in 0..<seed.count {
        let part = Array(seed[..<length])
        last.set(part)
        _ = reader.accepts(part)
      }
      // One bit of each byte, another from byte to byte; all of them when there is time.
      let step = fuzzSeconds > 60 ? 1 : 9
      for bit in stride(from: 0, to: seed.count * 8, by: step) {
        var changed = seed
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        last.set(changed)
        _ = reader.accepts(changed)
      }
    }
  }

  @Test("with random changes", arguments: Reader.allCases)
  fileprivate func randomly(reader: Reader) throws {
    let last = try LastInput(reader.rawValue)
    let seed = ProcessInfo.processInfo.environment["GLASSBOX_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
    var mutator = Mutator(seeds: try reader.seeds(), seed: seed)
    var (tried, accepted) = (0, 0)
    let end = ContinuousClock.now + .seconds(fuzzSeconds / Double(Reader.allCases.count))
    repeat {
      for _ in 0..<100 {
        let input = mutator.next()
        last.set(input)
        if reader.accepts(input) { accepted += 1 }
        tried += 1
      }
    } while ContinuousClock.now < end
    print("\(reader): \(tried) damaged files, \(accepted) of them still readable")
    // A mutator whose results were all accepted, or all refused, would test little.
    #expect(accepted > 0 && accepted < tried)
  }
}
