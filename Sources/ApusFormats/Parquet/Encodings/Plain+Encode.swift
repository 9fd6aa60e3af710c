import ApusVectors

// PLAIN, the other direction of `Plain.swift`.
//
// Safety: sources have `count` elements; room is reserved for all that is written.

/// Appends byte arrays, each with its length in front.
///
/// A view of up to 12 bytes is laid out as PLAIN is, length first, so it is copied as it stands.
///
/// - Parameter byteCount: the bytes they take, lengths included.
func appendPlain(
  _ views: UnsafePointer<StringView>,
  count: Int,
  byteCount: Int,
  to output: GrowableBytes
) {
  output.reserve(byteCount + MemoryLayout<StringView>.size)
  var target = output.end
  for index in 0..<count { target = storePlain(views + index, at: target) }
  output.advance(byteCount)
}

/// Appends the byte arrays at `indices`.
func appendPlain(
  _ views: UnsafePointer<StringView>,
  at indices: UnsafePointer<UInt32>,
  count: Int,
  byteCount: Int,
  to output: GrowableBytes
) {
  output.reserve(byteCount + MemoryLayout<StringView>.size)
  var target = output.end
  for index in 0..<count { target = storePlain(views + Int(indices[index]), at: target) }
  output.advance(byteCount)
}

/// Stores a byte array, and up to 12 bytes behind it that mean nothing.
///
/// - Returns: where the next one goes.
@inline(__always)
private func storePlain(
  _ view: UnsafePointer<StringView>,
  at target: UnsafeMutableRawPointer
) -> UnsafeMutableRawPointer {
  let count = view.pointee.count
  if view.pointee.isInline {
    target.storeBytes(of: view.pointee.low, as: UInt64.self)
    target.storeBytes(of: view.pointee.high, toByteOffset: 8, as: UInt64.self)
  } else {
    target.storeBytes(of: UInt32(truncatingIfNeeded: count), as: UInt32.self)
    if let source = StringView.bytes(at: view).baseAddress {
      (target + 4).copyMemory(from: source, byteCount: count)
    }
  }
  return target + 4 + count
}

/// Appends wide numbers as big-endian two's complement of `width` bytes, in which they fit.
func appendBigEndian(
  _ values: UnsafePointer<UInt128>,
  count: Int,
  width: Int,
  to output: GrowableBytes
) {
  output.reserve(count * width + 16)
  let target = output.end
  let shift = UInt128((16 - width) * 8)
  for index in 0..<count {
    // The lowest bytes moved to the top are the first in this order; the rest is overwritten.
    target.storeBytes(
      of: (values[index] &<< shift).bigEndian,
      toByteOffset: index * width,
      as: UInt128.self
    )
  }
  output.advance(count * width)
}
