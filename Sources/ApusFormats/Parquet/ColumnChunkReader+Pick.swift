import ApusValues
import ApusVectors

// Rows that are wanted here and there, where the encoding lets each be found without those before
// it: fixed-width values by their place, dictionary indices after all have been unpacked, which is
// the lesser part of the work.
//
// Safety: `rows` are among the next `rowCount` rows, of which the bytes are checked to be there, and
// indices are compared with the size of the dictionary, before any is read.

extension ColumnChunkReader {
  /// Reads some of the next rows if they lie in one page, without NULLs between them, in an encoding
  /// that allows it.
  ///
  /// - Returns: nil if not so; nothing has been read then.
  func pick(_ rows: [Int32], of rowCount: Int) throws(FormatError) -> ColumnVector? {
    try goToNextRow()
    guard rowCount <= pageRowsLeft, canPick else { return nil }
    do throws(DecodingFailure) {
      if levels != nil, try levels?.skipValues(rowCount) != true { return nil }
      let vector = try pickValues(rows, of: rowCount)
      pageRowsLeft -= rowCount
      return vector
    } catch {
      throw failure(error)
    }
  }

  private var canPick: Bool {
    switch values {
    case .plain: conversion != .string
    case .indices: true
    default: false
    }
  }

  private func pickValues(_ rows: [Int32], of rowCount: Int) throws(DecodingFailure)
    -> ColumnVector
  {
    let isText = type.physicalType == .string
    var window = VectorWindow(
      type: type,
      capacity: rows.count,
      isIndices: values.isDictionary && isText
    )
    let output = window.values(at: 0)
    switch values {
    case .plain(let position):
      let width = self.width ?? 1
      let end = UnsafeRawPointer(pageBuffer.base + pageEnd)
      guard rowCount * width <= end - position else { throw .truncated }
      let stored = scratch(byteCount: rows.count * width + readableSlack)
      copyElements(position, width: width, rows, into: stored)
      try convert(stored, width: width, count: rows.count, into: &window, output)
      values = .plain(position + rowCount * width)
    case .indices(var runs):
      guard let dictionary else { throw .truncated }
      let unpacked = scratch(byteCount: rowCount * 4 + readableSlack)
        .assumingMemoryBound(to: UInt32.self)
      try runs.readIndices(rowCount, limit: dictionary.count, into: unpacked)
      values = .indices(runs)
      if isText {
        copyElements(unpacked, width: 4, rows, into: output)
      } else {
        follow(unpacked, rows, dictionary, stride: window.stride, into: output)
      }
    default: throw .truncated
    }
    return window.finish(dictionary)
  }

  private func copyElements(
    _ source: UnsafeRawPointer,
    width: Int,
    _ rows: [Int32],
    into output: UnsafeMutableRawPointer
  ) {
    switch width {
    case 4: copyElements(source, rows, into: output, UInt32.self)
    case 8: copyElements(source, rows, into: output, UInt64.self)
    case 16: copyElements(source, rows, into: output, UInt128.self)
    default:
      for (index, row) in rows.enumerated() {
        (output + index * width).copyMemory(from: source + Int(row) * width, byteCount: width)
      }
    }
  }

  private func copyElements<Element: BitwiseCopyable>(
    _ source: UnsafeRawPointer,
    _ rows: [Int32],
    into output: UnsafeMutableRawPointer,
    _ element: Element.Type
  ) {
    let stride = MemoryLayout<Element>.stride
    for (index, row) in rows.enumerated() {
      let value = source.loadUnaligned(fromByteOffset: Int(row) * stride, as: Element.self)
      output.storeBytes(of: value, toByteOffset: index * stride, as: Element.self)
    }
  }

  private func follow(
    _ indices: UnsafePointer<UInt32>,
    _ rows: [Int32],
    _ dictionary: ColumnDictionary,
    stride: Int,
    into output: UnsafeMutableRawPointer
  ) {
    switch stride {
    case 1: follow(indices, rows, dictionary, into: output, UInt8.self)
    case 2: follow(indices, rows, dictionary, into: output, UInt16.self)
    case 4: follow(indices, rows, dictionary, into: output, UInt32.self)
    case 8: follow(indices, rows, dictionary, into: output, UInt64.self)
    default: follow(indices, rows, dictionary, into: output, UInt128.self)
    }
  }

  private func follow<Element: BitwiseCopyable>(
    _ indices: UnsafePointer<UInt32>,
    _ rows: [Int32],
    _ dictionary: ColumnDictionary,
    into output: UnsafeMutableRawPointer,
    _ element: Element.Type
  ) {
    let entries = dictionary.values.base.assumingMemoryBound(to: Element.self)
    let target = output.assumingMemoryBound(to: Element.self)
    for (index, row) in rows.enumerated() { target[index] = entries[Int(indices[Int(row)])] }
  }
}
