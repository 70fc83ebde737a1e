import Foundation
import FoundationNetworking
import Synchronization

/// How one request for a file ended.
enum TransferEnd: Sendable {
  /// The partial file has its full size.
  case finished
  /// The server cannot give the rest of the file: ask for the whole.
  case askForTheWhole(because: MirrorFailure.Reason)
  /// The mirror failed.
  case failed(MirrorFailure.Reason)
  /// This machine failed (its disk), so other mirrors would not help.
  case stopped(DownloadError)
}

/// One HTTP request, whose body goes straight into a partial file.
///
/// URLSession calls a delegate from its own queue, while a cancelled task ends the transfer from another thread: all
/// that changes is in one `Mutex`. The file is changed under it too, and never once the transfer has ended.
final class Transfer: NSObject, URLSessionDataDelegate, Sendable {
  private struct State {
    /// Where the body began, and where its next byte goes; nil until the server's answer has been found right.
    var body: (start: Int, next: Int)?
    var end: TransferEnd?
    var waiting: CheckedContinuation<TransferEnd, Never>?
  }

  private let file: PartialFile
  private let offset: Int
  private let total: Int
  private let idleSeconds: Int
  private let progress: @Sendable (Int) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - offset: The first byte to ask for.
  ///   - total: The file's expected size in bytes.
  ///   - idleSeconds: How long nothing may arrive.
  ///   - progress: Called after each piece with the size reached.
  init(
    into file: PartialFile, from offset: Int, total: Int, idleSeconds: Int, progress: @escaping @Sendable (Int) -> Void
  ) {
    self.file = file
    self.offset = offset
    self.total = total
    self.idleSeconds = idleSeconds
    self.progress = progress
  }

  /// Sends the request and waits for its end.
  ///
  /// A cancelled task gets its answer at once; what has arrived stays in the partial file.
  func run(_ url: URL) async -> TransferEnd {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    configuration.httpCookieStorage = nil
    configuration.timeoutIntervalForRequest = TimeInterval(idleSeconds)
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    // The session holds on to its delegate until this.
    defer { session.invalidateAndCancel() }

    var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData)
    request.timeoutInterval = TimeInterval(idleSeconds)
    // A server that compresses on the way would change the bytes, and with them the size and the hash.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    request.setValue("Glassbox", forHTTPHeaderField: "User-Agent")
    if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
    let task = session.dataTask(with: request)

    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ended = state.withLock { state in
          if state.end == nil { state.waiting = continuation }
          return state.end
        }
        if let ended { continuation.resume(returning: ended) } else { task.resume() }
      }
    } onCancel: {
      end(.failed(.failed("cancelled")))
    }
  }

  /// Ends the transfer, once; later calls change nothing.
  private func end(_ end: TransferEnd) { claim(end)?.resume(returning: end) }

  /// Says how the transfer ends, unless that is known already; gives whoever waits for it.
  private func claim(_ end: TransferEnd) -> CheckedContinuation<TransferEnd, Never>? {
    state.withLock { state in
      if state.end != nil { return nil }
      state.end = end
      return state.waiting.take()
    }
  }

  // MARK: What URLSession calls

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    if let target = request.url, target.isHTTP {
      completionHandler(request)
    } else {
      let refusal = TransferEnd.failed(.unsafeRedirect(response.value(forHTTPHeaderField: "Location") ?? "nowhere"))
      let waiting = claim(refusal)
      // Before the session is cancelled, which must not find it waiting for this answer.
      completionHandler(nil)
      waiting?.resume(returning: refusal)
    }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    // On Linux the disposition is ignored; what counts is that the transfer has ended.
    completionHandler(begin(response) ? .allow : .cancel)
  }

  private func begin(_ response: URLResponse) -> Bool {
    guard let response = response as? HTTPURLResponse else {
      end(.failed(.failed("the answer is not HTTP")))
      return false
    }
    let plan = TransferPlan(
      status: response.statusCode, headers: { response.value(forHTTPHeaderField: $0) }, offset: offset, total: total)
    switch plan {
    case .receive(let position):
      let failure: DownloadError? = state.withLock { state in
        if state.end != nil { return nil }
        do throws(DownloadError) { try file.truncate(to: position) } catch { return error }
        state.body = (position, position)
        return nil
      }
      guard let failure else { return true }
      end(.stopped(failure))
    case .askForTheWhole(let reason): end(.askForTheWhole(because: reason))
    case .refuse(let reason): end(.failed(reason))
    }
    return false
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let outcome: (reached: Int?, end: TransferEnd?) = state.withLock { state in
      guard state.end == nil, let body = state.body else { return (nil, nil) }
      do throws(DownloadError) {
        if data.count > total - body.next {
          try file.truncate(to: body.start)
          return (nil, .failed(.wrongLength(expected: total, found: nil)))
        }
        try file.write(data, at: body.next, total: total)
        state.body?.next += data.count
        return (body.next + data.count, nil)
      } catch {
        return (nil, .stopped(error))
      }
    }
    if let reached = outcome.reached { progress(reached) }
    if let failure = outcome.end { end(failure) }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let outcome: TransferEnd? = state.withLock { state in
      if state.end != nil { return nil }
      if let error { return .failed(reason(of: error, reached: state.body?.next)) }
      guard let body = state.body else { return .failed(.failed("the server gave no answer")) }
      if body.next == total { return .finished }
      // A complete body of another size: another file.
      do throws(DownloadError) { try file.truncate(to: body.start) } catch { return .stopped(error) }
      return .failed(.wrongLength(expected: total, found: body.next))
    }
    if let outcome { end(outcome) }
  }

  private func reason(of error: any Error, reached: Int?) -> MirrorFailure.Reason {
    let words = error.localizedDescription
    switch (error as? URLError)?.code {
    case .timedOut: return .timedOut(seconds: idleSeconds)
    case .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet: return .unreachable(words)
    default: break
    }
    return reached.map { .interrupted(received: $0, expected: total, words: words) } ?? .failed(words)
  }
}

extension URL {
  /// Whether this is an address of the web.
  var isHTTP: Bool {
    guard let scheme = scheme?.lowercased(), let host = host(), !host.isEmpty else { return false }
    return scheme == "http" || scheme == "https"
  }
}
