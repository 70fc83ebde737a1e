import Synchronization

/// Shows a value at once, in the middle of a cell; outside a notebook, prints its text.
///
/// ```swift
/// display(HTML("<b>bold</b>"))
/// ```
public func display(_ value: Any) {
  Displays.sink.show(MimeBundle(showing: value), in: nil, isUpdate: false)
}

/// A place that shows a value, and that `update` fills anew: a progress bar, a curve that grows. Outside a notebook, prints the first.
///
/// ```swift
/// let progress = DisplayPlace(showing: "0 %")
/// progress.update("50 %")
/// ```
public struct DisplayPlace: Sendable {
  private let name: String

  public init(showing value: Any) {
    name = Displays.newPlace()
    Displays.sink.show(MimeBundle(showing: value), in: name, isUpdate: false)
  }

  public func update(_ value: Any) {
    Displays.sink.show(MimeBundle(showing: value), in: name, isUpdate: true)
  }
}

/// Clears what the cell has shown so far; with `wait`, when it shows something again, so that nothing flickers. In a terminal, nothing is
/// cleared.
///
/// ```swift
/// for i in 1...3 {
///   clearOutput(wait: true)
///   display(i)
/// }
/// ```
public func clearOutput(wait: Bool = false) { Displays.sink.clear(wait: wait) }

/// Where what is displayed goes.
public protocol DisplaySink: Sendable {
  /// Shows a bundle in a new place, which has a name if it is to be filled anew; or fills the place of that name.
  func show(_ bundle: MimeBundle, in place: String?, isUpdate: Bool)
  /// Clears what was shown, at once or when something is shown again.
  func clear(wait: Bool)
  /// Whether more than text is seen, and places can be filled anew.
  var isRich: Bool { get }
}

/// Prints the text of what is shown, and nothing of what is filled anew.
public struct TerminalSink: DisplaySink {
  public init() {}
  public var isRich: Bool { false }
  public func show(_ bundle: MimeBundle, in place: String?, isUpdate: Bool) {
    if !isUpdate { print(bundle.text) }
  }
  public func clear(wait: Bool) {}
}

/// The process' one sink.
///
/// ```swift
/// Displays.sink.isRich  // → false
/// ```
public enum Displays {
  private static let state = Mutex<(sink: any DisplaySink, places: Int)>((TerminalSink(), 0))

  /// The sink of what this task shows, where it is not the process'.
  @TaskLocal package static var sinkOfTask: (any DisplaySink)?

  /// A terminal's, until a notebook's kernel sets its own.
  public static var sink: any DisplaySink {
    get { sinkOfTask ?? state.withLock { $0.sink } }
    set { state.withLock { $0.sink = newValue } }
  }

  static func newPlace() -> String {
    state.withLock {
      $0.places += 1
      return "place \($0.places)"
    }
  }
}
