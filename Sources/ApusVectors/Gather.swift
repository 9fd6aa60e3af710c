public import ApusValues

// Taking rows of vectors by position: what filters, joins and sorts end in.
//
// Safety: positions lie within the vector (operators make them of its own rows); builders have room
// for as many rows as positions are given.

extension ColumnVector {
  /// Returns the rows at `rows`, in that order; a negative position gives NULL.
  ///
  /// A constant stays constant and a dictionary vector keeps its dictionary, where no NULL is asked
  /// for that it does not have.
  public func gather(_ rows: UnsafeBufferPointer<Int32>, mayBeNegative: Bool = false)
    -> ColumnVector
  {
    if mayBeNegative, rows.contains(where: { $0 < 0 }) {
      return flattened().gatherWithNulls(rows)
    }
    switch encoding {
    case .constant:
      return ColumnVector(type: type, count: rows.count, encoding: .constant, storage: storage)
    case .dictionary:
      guard let indices else { return self }
      let buffer = VectorBuffer(byteCount: rows.count * 4)
      let output = buffer.base.assumingMemoryBound(to: Int32.self)
      for index in 0..<rows.count { output[index] = indices[Int(rows[index])] }
      return ColumnVector(
        type: type,
        count: rows.count,
        encoding: .dictionary,
        storage: storage,
        indexBuffer: buffer
      )
    case .flat:
      let builder = VectorBuilder(type: type, capacity: rows.count)
      gatherValues(rows, into: builder.rawValues)
      if let validity {
        let output = builder.makeValidity()
        for index in 0..<rows.count { output[index] = validity[Int(rows[index])] }
      }
      builder.retain(heaps: storage.heaps)
      return builder.finish(count: rows.count)
    }
  }

  /// Copies the rows at `rows` of a flat vector to places from `start` on of a builder of its type,
  /// which retains its heaps, and has its validity if there may be NULLs. Tasks may fill one builder
  /// at the same time.
  public func gather(
    _ rows: UnsafeBufferPointer<Int32>,
    into builder: VectorBuilder,
    at start: Int
  ) {
    gatherValues(rows, into: builder.rawValues + start * type.physicalType.stride)
    if let validity, let output = builder.validity {
      for index in 0..<rows.count { output[start + index] = validity[Int(rows[index])] }
    }
  }

  /// Returns the same rows as a flat vector; itself if it is one.
  public func flattened() -> ColumnVector {
    switch encoding {
    case .flat:
      return self
    case .constant:
      let builder = VectorBuilder(type: type, capacity: count)
      fill(builder.rawValues)
      if isNull(0), count > 0 {
        builder.makeValidity().update(repeating: 0, count: count)
      }
      builder.retain(heaps: storage.heaps)
      return builder.finish(count: count)
    case .dictionary:
      guard let indices else { return self }
      return dictionary.gather(UnsafeBufferPointer(start: indices, count: count))
    }
  }

  /// Returns the rows of vectors of one type, one after the other, as one flat vector.
  public static func concatenated(_ vectors: [ColumnVector], type: SQLType) -> ColumnVector {
    if vectors.count == 1 { return vectors[0].flattened() }
    let total = vectors.reduce(0) { $0 + $1.count }
    let builder = VectorBuilder(type: type, capacity: total)
    let stride = type.physicalType.stride
    let hasNulls = vectors.contains { $0.mayHaveNulls }
    let validity = hasNulls ? builder.makeValidity() : nil
    var position = 0
    var lastHeaps: VectorStorage?
    for vector in vectors {
      let flat = vector.flattened()
      withExtendedLifetime(flat) {
        let source = UnsafeRawPointer(flat.storage.values.base) + flat.offset * stride
        (builder.rawValues + position * stride).copyMemory(
          from: source,
          byteCount: flat.count * stride
        )
        if let validity, let from = flat.validity {
          (validity + position).update(from: from, count: flat.count)
        }
      }
      if lastHeaps !== flat.storage {
        builder.retain(heaps: flat.storage.heaps)
        lastHeaps = flat.storage
      }
      position += flat.count
    }
    return builder.finish(count: total)
  }

  private func gatherWithNulls(_ rows: UnsafeBufferPointer<Int32>) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: rows.count)
    let stride = type.physicalType.stride
    let output = builder.makeValidity()
    let validity = self.validity
    let base = UnsafeRawPointer(storage.values.base) + offset * stride
    for index in 0..<rows.count {
      let row = Int(rows[index])
      if row < 0 {
        builder.setNull(index)
      } else {
        (builder.rawValues + index * stride).copyMemory(
          from: base + row * stride,
          byteCount: stride
        )
        output[index] = validity?[row] ?? 1
      }
    }
    builder.retain(heaps: storage.heaps)
    return builder.finish(count: rows.count)
  }

  private func gatherValues(
    _ rows: UnsafeBufferPointer<Int32>,
    into output: UnsafeMutableRawPointer
  ) {
    switch type.physicalType.stride {
    case 1: gatherElements(rows, into: output, as: UInt8.self)
    case 2: gatherElements(rows, into: output, as: UInt16.self)
    case 4: gatherElements(rows, into: output, as: UInt32.self)
    case 8: gatherElements(rows, into: output, as: UInt64.self)
    default: gatherElements(rows, into: output, as: UInt128.self)
    }
  }

  private func gatherElements<Element: BitwiseCopyable>(
    _ rows: UnsafeBufferPointer<Int32>,
    into output: UnsafeMutableRawPointer,
    as element: Element.Type
  ) {
    let source = values(as: Element.self)
    let target = output.assumingMemoryBound(to: Element.self)
    for index in 0..<rows.count { target[index] = source[Int(rows[index])] }
  }

  private func fill(_ output: UnsafeMutableRawPointer) {
    switch type.physicalType.stride {
    case 1: fillElements(output, as: UInt8.self)
    case 2: fillElements(output, as: UInt16.self)
    case 4: fillElements(output, as: UInt32.self)
    case 8: fillElements(output, as: UInt64.self)
    default: fillElements(output, as: UInt128.self)
    }
  }

  private func fillElements<Element: BitwiseCopyable>(
    _ output: UnsafeMutableRawPointer,
    as element: Element.Type
  ) {
    output.assumingMemoryBound(to: Element.self)
      .update(repeating: values(as: Element.self).pointee, count: count)
  }
}
