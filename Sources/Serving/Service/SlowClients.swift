import HTTPTypes
import NIOCore
import NIOHTTPTypes
import NotebookDisplay

/// Ends connections whose clients take too long to send a request that they have begun, or to take its response. A byte now and then does not help them:
/// the time counts from the request's head.
final class SlowClients: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let reading: TimeAmount
  private let responding: TimeAmount
  /// When the head of the request came that is being read.
  private var head: NIODeadline?
  /// How many requests have come whose responses are not written.
  private var unanswered = 0
  /// When the oldest of them came, or the last response was written.
  private var last = NIODeadline.now()
  private var isResponding = false
  private var watch: RepeatedTask?

  /// - Parameters:
  ///   - reading: The time for a request's body.
  ///   - responding: The time from a request to its response's end.
  init(reading: TimeAmount, responding: TimeAmount) { (self.reading, self.responding) = (reading, responding) }

  func handlerAdded(context: ChannelHandlerContext) {
    let interval = TimeAmount.nanoseconds(min(reading.nanoseconds / 4, 1_000_000_000))
    let box = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
      box.value.handler.look(box.value.context)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { watch?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      head = .now()
      if unanswered == 0 { last = .now() }
      unanswered += 1
    case .body: break
    case .end: head = nil
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head: isResponding = true
    case .body: break
    case .end:
      isResponding = false
      unanswered -= 1
      last = .now()
    }
    context.write(data, promise: promise)
  }

  private func look(_ context: ChannelHandlerContext) {
    let now = NIODeadline.now()
    if let head, now - head > reading {
      // A response to an earlier request must not be mistaken for this one's, nor interrupted.
      if unanswered == 1 && !isResponding { writeTimeout(context) }
      context.close(promise: nil)
    } else if unanswered > 0 && now - last > responding {
      context.close(promise: nil)
    }
  }

  private func writeTimeout(_ context: ChannelHandlerContext) {
    let error = "The body: expected all of it within \(Double(reading.nanoseconds) / 1e9) s of the head."
    let body = JSON.object(["error": .string(error)]).encoded
    let fields: HTTPFields = [
      .contentType: "application/json", .contentLength: "\(body.count)", .connection: "close",
    ]
    context.write(wrapOutboundOut(.head(HTTPResponse(status: .requestTimeout, headerFields: fields))), promise: nil)
    context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
