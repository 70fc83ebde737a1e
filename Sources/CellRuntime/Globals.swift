import Synchronization

// A library that has been loaded stays, and with it the values of its globals: 200 MB for each run of a cell that makes an array of
// that size. So a cell names its globals and their types, and what a later cell replaces, and nothing else mentions, is destroyed.

private let destroyers = Mutex<[String: @Sendable (UnsafeMutableRawPointer) -> Void]>([:])

/// Keeps the type of a global, such as `Cell_3.weights`. The value is not asked for.
public func _cellRegister<Value>(_ name: String, _ value: @autoclosure () -> Value) {
  destroyers.withLock { $0[name] = { $0.assumingMemoryBound(to: Value.self).deinitialize(count: 1) } }
}

/// Destroys the value of a global at its address, once.
@_cdecl("glassbox_cell_runtime_drop")
public func _cellRuntimeDrop(_ name: UnsafePointer<CChar>, _ address: UnsafeMutableRawPointer) {
  let destroy = destroyers.withLock { $0.removeValue(forKey: String(cString: name)) }
  destroy?(address)
}
