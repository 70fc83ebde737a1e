/// How many windows fit along an axis: ⌊(size + before + after − dilation·(kernel − 1) − 1)/stride⌋ + 1; nil for none, or if a number
/// can't be.
///
/// With `ceilMode`, ⌈…⌉ + 1: the last window may reach beyond the padding, but not begin beyond the input (PyTorch's rule).
///
/// ```swift
/// windowCount(over: 6, kernel: 3, stride: 2, padding: (0, 0)) ?? 0  // → 2
/// windowCount(over: 6, kernel: 3, stride: 2, padding: (0, 0), ceilMode: true) ?? 0  // → 3
/// ```
public func windowCount(
  over size: Int, kernel: Int, stride: Int, padding: (before: Int, after: Int), dilation: Int = 1,
  ceilMode: Bool = false
) -> Int? {
  guard kernel > 0, stride > 0, padding.before >= 0, padding.after >= 0, dilation > 0 else { return nil }
  let room = size + padding.before + padding.after - dilation * (kernel - 1) - 1 + (ceilMode ? stride - 1 : 0)
  if room < 0 { return nil }
  let last = room / stride
  return ceilMode && last * stride >= size + padding.before ? last : last + 1
}
