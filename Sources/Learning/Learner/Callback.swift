import NeuralNetworks
import TensorCore

/// What is done beside the training itself, at places in it that have names: subclass it, and override the hooks that matter.
///
/// ```text
/// beforeFit
///   beforeEpoch
///     beforeBatch   forward and loss   afterLoss   backward   afterBackward   step   afterStep   afterBatch
///   beforeValidation   …   afterValidation
///   afterEpoch
/// afterFit, or fitFailed
/// ```
///
/// A hook may read and change all that the learner has: `learner.loss` before the backward pass, the gradients after it, the optimiser's
/// hyperparameters. It may throw ``CancelBatch`` to leave out the rest of the batch, ``CancelEpoch``, or ``CancelFit``. Any other error ends the
/// training and is reported with the callback's and the hook's name (``CallbackError``). Callbacks are called in their order in ``Learner/callbacks``.
///
/// ```swift
/// final class GradientNoise: Callback {
///   override func afterBackward(_ learner: Learner) {
///     for parameter in learner.model.parameters {
///       parameter.gradient = parameter.gradient.map { $0 + Tensor.normal($0.shape) * 0.01 }
///     }
///   }
/// }
/// ```
open class Callback {
  public init() {}

  /// What messages call it: the type's name unless overridden.
  open var name: String { "\(type(of: self))" }

  open func beforeFit(_ learner: Learner) throws {}
  open func beforeEpoch(_ learner: Learner) throws {}
  open func beforeBatch(_ learner: Learner) throws {}
  /// The batch's outputs and loss are there.
  open func afterLoss(_ learner: Learner) throws {}
  /// The gradients are there.
  open func afterBackward(_ learner: Learner) throws {}
  /// The weights have changed, and the gradients are gone.
  open func afterStep(_ learner: Learner) throws {}
  /// The batch counts as done; also called when it was cancelled.
  open func afterBatch(_ learner: Learner) throws {}
  open func beforeValidation(_ learner: Learner) throws {}
  /// ``Learner/validationValues`` are there.
  open func afterValidation(_ learner: Learner) throws {}
  /// The epoch's record is the last of ``Learner/history``.
  open func afterEpoch(_ learner: Learner) throws {}
  /// The fit ended, or was cancelled.
  open func afterFit(_ learner: Learner) throws {}
  /// The fit ended by an error, such as ``TrainingInterrupted``, which is thrown on afterwards. All callbacks hear of it, also when one of them
  /// throws; then the first such error is thrown instead.
  open func fitFailed(_ learner: Learner, _ error: any Error) throws {}

  /// Calls `body`, which computes outputs and loss of a batch, in training and validation: a place for a context, such as automatic casts.
  open func aroundForward(_ learner: Learner, _ body: () throws -> Void) throws { try body() }

  /// Calls `body`, which measures on the validation's data: a place for other weights.
  open func aroundValidation(_ learner: Learner, _ body: () throws -> Void) throws { try body() }

  /// What it needs to go on after a restart as if there had been none; part of the learner's checkpoints.
  open func stateDictionary() -> StateDictionary { StateDictionary() }

  /// Takes such a state back. Throws an error that names everything that does not fit; nothing is changed then.
  open func load(stateDictionary: StateDictionary) throws(StateDictionaryError) {}
}

/// An error that a callback threw, with its place.
public struct CallbackError: Error, CustomStringConvertible {
  /// The callback's name.
  public let callback: String
  /// The hook's name: `afterEpoch`.
  public let hook: String
  public let underlying: any Error

  public var description: String { "The callback \(callback), in \(hook): \(underlying)" }
}

/// What a hook throws to change the course of a training: it reaches the learner, and its caller, as it is.
public protocol TrainingControl: Error {}

/// Leaves out the rest of a batch.
public struct CancelBatch: TrainingControl {
  public init() {}
}

/// Leaves out the rest of an epoch's batches; the validation follows.
public struct CancelEpoch: TrainingControl {
  public init() {}
}

/// Ends a fit; what it has done so far stays. `fit` returns as if all its epochs had been done.
public struct CancelFit: TrainingControl {
  public init() {}
}
