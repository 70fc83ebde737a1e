import Foundation
import TensorIO

/// Writes a line of JSON an epoch: a ``MetricsLog``. Put it before ``Checkpoints``: whoever pulls the plug between the two finds a line too many, which
/// the resumed fit takes back.
public final class EpochLog: Callback {
  public let log: MetricsLog

  public init(_ file: URL) { log = MetricsLog(file: file) }

  public override func beforeFit(_ learner: Learner) throws { try log.replace(with: learner.history) }

  public override func afterEpoch(_ learner: Learner) throws {
    if let record = learner.history.last { try log.append(record) }
  }
}
