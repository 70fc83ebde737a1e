import Foundation
import TensorCore
import TensorIO

/// A folder of pictures in classes: `root/CLASS/…/NAME.jpg`. A picture is decoded when its example is read.
///
/// Classes and pictures come in the order of their names. Below a class, folders of any depth count to it. Pictures are files that end in
/// `.jpg`, `.jpeg` or `.png`; hidden files and all others are left alone, and counted in the ``report``.
///
/// ```swift
/// func loaders(_ root: URL) throws -> [DataLoader<FileError>] {
///   let pictures = try PictureFolder(root, size: Size2D(64, 64), unreadable: .skip)
///   print(pictures.report)
///   return pictures.split(fractions: [0.8, 0.2], classes: pictures.classes, seed: 1).map {
///     DataLoader($0, batchSize: 32, shuffle: true, prefetch: 4)
///   }
/// }
/// ```
public struct PictureFolder: Dataset {
  public typealias Failure = FileError

  /// The names of the classes' folders, sorted: a target is a position in it.
  public let classNames: [String]
  /// The pictures, sorted.
  public let files: [URL]
  /// The class of each picture.
  public let classes: [Int]
  /// What was found.
  public let report: Report
  /// The size that every picture is brought to: resized such that it covers it, and cropped around the centre. nil: as it is.
  public let size: Size2D?
  public let options: PictureOptions

  /// Lists a folder.
  ///
  /// - Parameters:
  ///   - size: Needed where pictures differ in size, since those of a batch must not.
  ///   - minimumPerClass: How many pictures a class has at least: with one there is nothing to validate on.
  ///   - smallClasses: What to do about a class that has fewer.
  ///   - unreadable: What to do about pictures that can't be decoded. With `.skip` all are decoded once now, on all cores, so that it is
  ///     known which they are; with `.refuse` nothing is opened now, and reading such an example throws.
  /// - Throws: ``FileError`` when the folder can't be listed, has no class, or has what is to be refused, with the paths.
  public init(
    _ root: URL, size: Size2D? = nil, options: PictureOptions = PictureOptions(), minimumPerClass: Int = 2,
    smallClasses: BadInputHandling = .refuse, unreadable: BadInputHandling = .refuse
  ) throws(FileError) {
    let listing = try PictureListing(root)
    var found = listing.classes
    var report = Report(hiddenFiles: listing.hiddenFiles, otherFiles: listing.otherFiles)
    if unreadable == .skip {
      let reasons = Self.failures(found.flatMap(\.files), options)
      report.unreadable = reasons.values.sorted { $0.file < $1.file }
      for index in found.indices { found[index].files.removeAll { reasons[$0] != nil } }
    }
    let small = found.filter { $0.files.count < minimumPerClass }
    if !small.isEmpty, smallClasses == .refuse {
      throw .contents(
        file: root.path(percentEncoded: false), key: nil,
        expected: "\(minimumPerClass) or more pictures in each class (smallClasses: .skip leaves others out)",
        found: small.map { "\($0.files.count) in \"\($0.name)\"" }.joined(separator: ", "))
    }
    report.smallClasses = small.map { ($0.name, $0.files.count) }
    found.removeAll { $0.files.count < minimumPerClass }
    if found.isEmpty {
      throw .contents(
        file: root.path(percentEncoded: false), key: nil, expected: "folders of pictures, one for each class",
        found: "\(listing.classes.count) folders without enough of them, \(listing.otherFiles.count) other files")
    }
    report.classes = found.map { ($0.name, $0.files.count) }
    classNames = found.map(\.name)
    files = found.flatMap(\.files)
    classes = found.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element.files.count) }
    self.report = report
    self.size = size
    self.options = options
  }

  public var count: Int { files.count }

  /// The picture at a position, uint8 [channels, height, width], and its class.
  ///
  /// - Throws: ``FileError`` when it can't be decoded.
  public func example(at index: Int) throws(FileError) -> Example {
    let picture = try PictureFile.read(files[index], options: options)
    return Example(input: size.map { PictureBytes.covering(picture, $0) } ?? picture, target: Tensor(classes[index]))
  }

  /// - Throws: ``FileError`` when a picture can't be decoded, or is not as large as the first.
  public func batch(at indices: [Int]) throws(FileError) -> Batch {
    var examples: [Example] = []
    for index in indices {
      let example = try example(at: index)
      if let first = examples.first, first.input.shape != example.input.shape {
        throw .contents(
          file: files[index].path(percentEncoded: false), key: nil,
          expected: "a picture \(first.input.shape), as \(files[indices[0]].lastPathComponent) is, "
            + "or a size to bring all to",
          found: "\(example.input.shape)")
      }
      examples.append(example)
    }
    return Batch(examples)
  }

  /// Why pictures can't be decoded, by file.
  private static func failures(_ files: [URL], _ options: PictureOptions) -> [URL: Report.Unreadable] {
    let pieces = ParallelMap.map(count: files.count, threads: Runtime.threads) { index -> Report.Unreadable? in
      do throws(FileError) {
        _ = try PictureFile.read(files[index], options: options)
        return nil
      } catch {
        return Report.Unreadable(file: files[index].path(percentEncoded: false), reason: error)
      }
    }
    return Dictionary(uniqueKeysWithValues: zip(files, pieces).compactMap { file, reason in reason.map { (file, $0) } })
  }
}
