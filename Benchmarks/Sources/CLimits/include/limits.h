// What the hardware can do, measured: the ceilings that a workload's speed is a share of (the roofline of Williams, Waterman &
// Patterson, 2009). Each function works for about `seconds` on `threads` threads and returns what they did together in one second.

#pragma once

/// Floating-point operations: multiply-adds (two operations each) that never leave the registers.
double limit_of_operations(int threads, double seconds);

/// Bytes read and written by the triad y = a + s·b over three arrays of `bytes` in all (McCalpin's STREAM, 1995), with ordinary or
/// streaming stores, whichever are faster. Arrays that fit a cache measure that cache.
double limit_of_traffic(int threads, double bytes, double seconds);

/// Bytes read by a sum over one array of `bytes`.
double limit_of_reads(int threads, double bytes, double seconds);
