/// The values of a data page, by encoding, read up to some point.
enum PageValues {
  /// Fixed-width values from this place on.
  case plain(UnsafeRawPointer)
  case plainByteArrays(PlainByteArrays)
  /// Bits from this place on, the number of those read.
  case plainBooleans(UnsafeRawPointer, first: Int)
  case runLengthBooleans(RunLengthBitPacked)
  case indices(RunLengthBitPacked)
  case differences(DeltaBinaryPacked)
  case deltaLengthByteArrays(DeltaLengthByteArrays)
  case deltaByteArrays(DeltaByteArrays)
  case byteStreamSplit(ByteStreamSplit)

  var isDictionary: Bool {
    if case .indices = self { true } else { false }
  }

  /// Prepares to read `bytes`.
  ///
  /// - Parameters:
  ///   - fallback: any valid place, for where there are no bytes.
  ///   - width: bytes per stored value, nil for booleans and byte arrays.
  init(
    _ encoding: ParquetEncoding,
    _ bytes: UnsafeRawBufferPointer,
    emptyAt fallback: UnsafeRawPointer,
    physicalType: ParquetPhysicalType,
    width: Int?,
    hasDictionary: Bool
  ) throws(DecodingFailure) {
    let isByteArray = physicalType == .byteArray || physicalType == .fixedLengthByteArray
    switch encoding {
    case .plain:
      if physicalType == .boolean {
        self = .plainBooleans(bytes.baseAddress ?? fallback, first: 0)
      } else if width != nil {
        self = .plain(bytes.baseAddress ?? fallback)
      } else {
        self = .plainByteArrays(PlainByteArrays(bytes, emptyAt: fallback))
      }
    case .plainDictionary, .runLengthDictionary:
      guard hasDictionary else {
        throw DecodingFailure("a page of dictionary indices without a dictionary")
      }
      // A page of NULLs alone may have no bytes at all.
      let bitWidth = Int(bytes.first ?? 0)
      guard bitWidth <= 32 else { throw DecodingFailure("dictionary indices of \(bitWidth) bits") }
      let runs = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
      self = .indices(RunLengthBitPacked(runs, emptyAt: fallback, bitWidth: bitWidth))
    case .runLength where physicalType == .boolean:
      guard bytes.count >= 4 else { throw .truncated }
      let length = Int(bytes.loadUnaligned(as: UInt32.self).littleEndian)
      guard length <= bytes.count - 4 else { throw .truncated }
      let runs = UnsafeRawBufferPointer(rebasing: bytes[4..<4 + length])
      self = .runLengthBooleans(RunLengthBitPacked(runs, emptyAt: fallback, bitWidth: 1))
    case .deltaBinaryPacked where physicalType == .int32 || physicalType == .int64:
      self = .differences(try DeltaBinaryPacked(bytes, emptyAt: fallback))
    case .deltaLengthByteArray where physicalType == .byteArray:
      self = .deltaLengthByteArrays(try DeltaLengthByteArrays(bytes, emptyAt: fallback))
    case .deltaByteArray where isByteArray:
      self = .deltaByteArrays(try DeltaByteArrays(bytes, emptyAt: fallback))
    case .byteStreamSplit where width != nil && physicalType != .int96:
      self = .byteStreamSplit(try ByteStreamSplit(bytes, emptyAt: fallback, width: width ?? 1))
    case .runLength, .bitPacked, .deltaBinaryPacked, .deltaLengthByteArray, .deltaByteArray,
      .byteStreamSplit:
      throw DecodingFailure("encoding \(encoding) of values of type \(physicalType)")
    }
  }
}
