import HTTPTypes
import Hummingbird
import NotebookDisplay

/// Why a request gets no answer: a status, and a sentence that says what was expected and what was found.
struct RequestProblem: Error {
  let status: HTTPResponse.Status
  let message: String
  var headers: HTTPFields = [:]

  /// The request is none: not JSON, or not what its type says.
  static func malformed(_ message: String) -> RequestProblem { RequestProblem(status: .badRequest, message: message) }

  /// JSON, but not what the model needs.
  static func unusable(_ place: String, expected: String, found: String) -> RequestProblem {
    RequestProblem(status: .unprocessableContent, message: "\(place): expected \(expected), found \(found).")
  }

  /// What a language model says of a text: "expected …, found …".
  static func unusableText(_ place: String, _ problem: String) -> RequestProblem {
    RequestProblem(status: .unprocessableContent, message: "\(place): \(problem).")
  }

  /// Refuses a text that a language model would read for too long.
  static func require(prompt: String, at place: String, limit: Int) throws(RequestProblem) {
    let count = prompt.utf8.count
    if count > limit { throw unusable(place, expected: "at most \(limit) bytes", found: "\(count)") }
  }

  static func tooLarge(limit: Int) -> RequestProblem {
    RequestProblem(status: .contentTooLarge, message: "The body: expected at most \(limit) bytes, found more.")
  }

  static func wrongType(_ expected: [String], found: String?) -> RequestProblem {
    RequestProblem(
      status: .unsupportedMediaType,
      message: "Content-Type: expected \(expected.joined(separator: " or ")), found \(found ?? "none").")
  }

  static func noRoute(_ path: String, present: [String]) -> RequestProblem {
    RequestProblem(
      status: .notFound, message: "There is no \(path) here; there are \(present.joined(separator: ", ")).")
  }

  static func wrongMethod(_ found: HTTPRequest.Method, allowed: HTTPRequest.Method) -> RequestProblem {
    RequestProblem(
      status: .methodNotAllowed, message: "The method: expected \(allowed), found \(found).",
      headers: [.allow: allowed.rawValue])
  }

  static func busy(_ message: String) -> RequestProblem {
    RequestProblem(status: .serviceUnavailable, message: message, headers: [.retryAfter: "1"])
  }

  static func late(after limit: Duration) -> RequestProblem {
    RequestProblem(status: .gatewayTimeout, message: "There was no answer within \(limit.seconds) s.")
  }

  var response: Response {
    .json(["error": .string(message)], status: status, headers: headers)
  }
}

extension Response {
  static func json(
    _ value: JSON, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.encoded)))
  }
}

extension Duration {
  /// As a number of seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
