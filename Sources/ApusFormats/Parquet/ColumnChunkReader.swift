import ApusCompression
import ApusValues
import ApusVectors

// A column chunk:
//
//   [dictionary page] data page … data page
//
// It is read from its first row to its last, so many rows at a time as the caller asks for.
// A page is decompressed when one of its rows is wanted, which it may never be; values are decoded straight into the memory
// of the vector they end in.
//
// Safety: `bytes` lies in `buffer`, which is retained, as is the memory of the current page.
// Everything read from the file is checked before it moves a pointer; see Encodings.

/// Reads one column of one row group.
final class ColumnChunkReader {
  private let column: ParquetColumn
  let type: SQLType
  let conversion: ValueConversion
  private let physicalType: ParquetPhysicalType
  private let codec: Codec
  /// Bytes per stored value, nil for booleans and byte arrays.
  let width: Int?
  /// What values must keep to, where their memory has room for more.
  private let range: ValueRange?

  private let buffer: VectorBuffer
  let bytes: UnsafeRawBufferPointer
  /// Where `bytes` start in the file.
  let fileOffset: Int
  private let decompressor: Decompressor
  let verifiesChecksums: Bool

  /// Where the data pages lie, where `bytes` may lack those whose rows are all stepped over.
  let pages: [PageLocation]?
  /// The first of `pages` that has not been begun.
  var pageIndex = 0
  /// Where the next page's header starts in `bytes`.
  var position = 0
  /// Rows of pages not yet begun.
  var rowsLeft: Int
  var pageOffset = 0
  var pageRowsLeft = 0
  /// Rows to step over before the next row is read.
  var skipped = 0
  /// The memory that the values of the current page lie in.
  private(set) var pageBuffer: VectorBuffer
  /// Memory of an earlier page that nobody points into any more.
  private var spareBuffer: VectorBuffer?
  var levels: RunLengthBitPacked?
  var values: PageValues
  private(set) var dictionary: ColumnDictionary?
  /// Memory of reversed levels, which only very old files need.
  private var levelBuffer: VectorBuffer?
  private var scratch: VectorBuffer?

  /// - Parameters:
  ///   - bytes: the chunk, in `buffer`, with `readableSlack` bytes of the buffer behind it.
  ///   - fileOffset: where it starts in the file.
  ///   - pages: where its data pages lie, if not all of them are there.
  /// - Throws: `FormatError` if the column or its codec is not supported.
  init(
    _ column: ParquetColumn,
    chunk: ColumnChunk,
    buffer: VectorBuffer,
    bytes: UnsafeRawBufferPointer,
    fileOffset: Int,
    pages: [PageLocation]? = nil,
    decompressor: Decompressor,
    verifiesChecksums: Bool
  ) throws(FormatError) {
    guard case .supported(let type, let conversion) = column.type,
      let physicalType = column.element.physicalType
    else { throw FormatError(.notSupported, "a column is not supported", column: column.name) }
    guard let codec = chunk.codec else {
      throw FormatError(
        .notSupported,
        "compression codec \(chunk.codecNumber) is not supported",
        column: column.name
      )
    }
    self.column = column
    self.type = type
    self.conversion = conversion
    self.physicalType = physicalType
    self.codec = codec
    self.width = conversion.storedWidth(
      typeLength: column.element.typeLength,
      physical: physicalType
    )
    range = ValueRange(type)
    self.buffer = buffer
    self.bytes = bytes
    self.fileOffset = fileOffset
    self.pages = pages
    self.decompressor = decompressor
    self.verifiesChecksums = verifiesChecksums
    rowsLeft = chunk.valueCount
    pageBuffer = buffer
    values = .plain(buffer.base)
  }

  /// Steps over rows: pages that lie among them as a whole are not decompressed.
  ///
  /// - Parameter count: at most the rows that are left.
  func skip(_ count: Int) { skipped += count }

  /// Reads the next rows.
  ///
  /// - Parameter count: at most the rows that are left.
  func read(_ count: Int) throws(FormatError) -> ColumnVector {
    if conversion == .unknown {
      return ColumnVector.constant(.null, type: type, count: count)
    }
    var window = try makeWindow(capacity: count)
    try read(count, at: 0, into: &window)
    return window.finish(dictionary)
  }

  /// Reads some of the next rows, one at least, and steps over the others.
  ///
  /// - Parameter rows: among at most the rows that are left.
  func read(_ rows: RowStretches) throws(FormatError) -> ColumnVector {
    let selection = rows.selection
    if conversion == .unknown {
      return ColumnVector.constant(.null, type: type, count: selection.count)
    }
    guard let indices = selection.indices else { return try read(selection.rowCount) }
    if let stretches = rows.stretches {
      return try read(stretches, count: selection.count, of: selection.rowCount)
    }
    if let vector = try pick(indices, of: selection.rowCount) { return vector }
    let vector = try read(selection.rowCount)
    return indices.withUnsafeBufferPointer { vector.gather($0) }
  }

  private func read(
    _ stretches: [Range<Int>],
    count: Int,
    of rowCount: Int
  ) throws(FormatError) -> ColumnVector {
    skipped += stretches.first?.lowerBound ?? 0
    var window = try makeWindow(capacity: count)
    var row = stretches.first?.lowerBound ?? 0
    var done = 0
    for stretch in stretches {
      skipped += stretch.lowerBound - row
      try read(stretch.count, at: done, into: &window)
      done += stretch.count
      row = stretch.upperBound
    }
    skipped += rowCount - row
    return window.finish(dictionary)
  }

  /// Makes room for rows, of which the first is the next one.
  private func makeWindow(capacity: Int) throws(FormatError) -> VectorWindow {
    if capacity > 0 { try goToNextRow() }
    return VectorWindow(
      type: type,
      capacity: capacity,
      isIndices: values.isDictionary && type.physicalType == .string
    )
  }

  private func read(
    _ count: Int,
    at start: Int,
    into window: inout VectorWindow
  ) throws(FormatError) {
    var done = 0
    while done < count {
      try goToNextRow()
      if window.isIndices, !values.isDictionary {
        // Rows that are NULL point to the entry behind the dictionary's own.
        window.makeFlat(dictionary, count: start + done)
      }
      let step = min(pageRowsLeft, count - done)
      do {
        try readRows(step, at: start + done, into: &window)
      } catch {
        throw failure(error)
      }
      pageRowsLeft -= step
      done += step
    }
  }

  /// Steps over what is to be skipped and on to a page with rows.
  func goToNextRow() throws(FormatError) {
    while skipped > 0 || pageRowsLeft == 0 {
      if pageRowsLeft == 0 {
        try nextPage()
        continue
      }
      let step = min(skipped, pageRowsLeft)
      if step < pageRowsLeft {
        do {
          try skipRows(step)
        } catch {
          throw failure(error)
        }
      }
      pageRowsLeft -= step
      skipped -= step
    }
  }

  func failure(_ error: DecodingFailure) -> FormatError {
    FormatError(.corrupt, error.message, column: column.name, offset: pageOffset)
  }

  func corrupt(_ message: String) -> FormatError {
    FormatError(.corrupt, message, column: column.name, offset: pageOffset)
  }

  // MARK: Values

  /// Reads rows that lie in the current page.
  private func readRows(
    _ count: Int,
    at row: Int,
    into window: inout VectorWindow
  ) throws(DecodingFailure) {
    var validCount = count
    if levels != nil {
      validCount = try levels?.readLevels(count, at: row) { window.validity(at: $0) } ?? count
      if validCount < count { window.noteNulls() }
    }
    if window.isIndices {
      let output = window.indices(at: row)
      guard case .indices(var runs) = values, let dictionary else { throw .truncated }
      try runs.readIndices(validCount, limit: dictionary.count, into: output)
      values = .indices(runs)
      if validCount < count {
        spreadValues(
          output,
          validity: window.validity(at: row),
          count: count,
          validCount: validCount,
          filler: UInt32(dictionary.count)
        )
      }
      return
    }
    if validCount > 0 { try readValues(validCount, at: row, into: &window) }
    if validCount < count {
      spreadValues(
        window.values(at: row),
        stride: window.stride,
        validity: window.validity(at: row),
        count: count,
        validCount: validCount
      )
    }
  }

  /// Reads values without gaps to the place of `row`.
  private func readValues(
    _ count: Int,
    at row: Int,
    into window: inout VectorWindow
  ) throws(DecodingFailure) {
    let output = window.values(at: row)
    switch values {
    case .plain(let position):
      let width = self.width ?? 1
      let end = pageBuffer.base + pageEnd
      guard count * width <= end - UnsafeMutableRawPointer(mutating: position) else {
        throw .truncated
      }
      try convert(position, width: width, count: count, into: &window, output)
      if conversion == .string, width > StringView.inlineCapacity { window.retain(pageBuffer) }
      values = .plain(position + count * width)
    case .plainByteArrays(var arrays):
      try readByteArrays(count, into: &window, output) { views throws(DecodingFailure) in
        try arrays.readViews(count, into: views)
      }
      values = .plainByteArrays(arrays)
    case .plainBooleans(let start, let first):
      let end = pageBuffer.base + pageEnd
      let available = (end - UnsafeMutableRawPointer(mutating: start)) * 8
      guard first + count <= available else { throw .truncated }
      let target = output.assumingMemoryBound(to: UInt8.self)
      unpackBooleans(start, first: first, count: count, into: target)
      values = .plainBooleans(start, first: first + count)
    case .runLengthBooleans(var runs):
      try runs.readBooleans(count, into: output.assumingMemoryBound(to: UInt8.self))
      values = .runLengthBooleans(runs)
    case .indices(var runs):
      guard let dictionary else { throw .truncated }
      try gather(&runs, count, dictionary, stride: window.stride, into: output)
      if type.physicalType == .string { window.retain(heapsOf: dictionary) }
      values = .indices(runs)
    case .differences(var differences):
      try readDifferences(&differences, count, into: &window, output)
      values = .differences(differences)
    case .deltaLengthByteArrays(var arrays):
      let scratch = self.scratch(byteCount: count * 8).assumingMemoryBound(to: Int64.self)
      try readByteArrays(count, into: &window, output) { views throws(DecodingFailure) in
        try arrays.readViews(count, scratch: scratch, into: views)
      }
      values = .deltaLengthByteArrays(arrays)
    case .deltaByteArrays(var arrays):
      try readDeltaByteArrays(&arrays, count, into: &window, output)
      values = .deltaByteArrays(arrays)
    case .byteStreamSplit(var streams):
      let width = self.width ?? 1
      if conversion == .string, width > StringView.inlineCapacity {
        // The views need memory that stays.
        let text = window.heap().allocate(count * width + readableSlack)
        try streams.read(count, into: text)
        try convert(text, width: width, count: count, into: &window, output)
      } else {
        let stored = scratch(byteCount: count * width + readableSlack)
        try streams.read(count, into: stored)
        try convert(stored, width: width, count: count, into: &window, output)
      }
      values = .byteStreamSplit(streams)
    }
  }

  func convert(
    _ source: UnsafeRawPointer,
    width: Int,
    count: Int,
    into window: inout VectorWindow,
    _ output: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    try conversion.convert(
      source,
      width: width,
      count: count,
      heap: { window.heap() },
      into: output
    )
    try range?.check(output, count: count)
  }

  /// Reads byte arrays as text or, through views of their own, as decimals.
  private func readByteArrays(
    _ count: Int,
    into window: inout VectorWindow,
    _ output: UnsafeMutableRawPointer,
    _ read: (UnsafeMutablePointer<StringView>) throws(DecodingFailure) -> Bool
  ) throws(DecodingFailure) {
    if conversion == .string {
      let pointsIntoPage = try read(output.assumingMemoryBound(to: StringView.self))
      if pointsIntoPage { window.retain(pageBuffer) }
      return
    }
    let temporary = VectorBuffer(byteCount: count * 16)
    let views = temporary.base.assumingMemoryBound(to: StringView.self)
    _ = try read(views)
    try conversion.convert(views: views, count: count, into: output)
    try range?.check(output, count: count)
    withExtendedLifetime(temporary) {}
  }

  private func readDifferences(
    _ differences: inout DeltaBinaryPacked,
    _ count: Int,
    into window: inout VectorWindow,
    _ output: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    let numbers = scratch(byteCount: count * 8 + readableSlack)
    let wide = numbers.assumingMemoryBound(to: Int64.self)
    try differences.read(count, into: wide)
    let width = self.width ?? 8
    if width == 4 {
      // Narrowed in place: a number's half never lies behind the number.
      let narrow = numbers.assumingMemoryBound(to: Int32.self)
      for index in 0..<count { narrow[index] = Int32(truncatingIfNeeded: wide[index]) }
    }
    try convert(numbers, width: width, count: count, into: &window, output)
  }

  private func readDeltaByteArrays(
    _ arrays: inout DeltaByteArrays,
    _ count: Int,
    into window: inout VectorWindow,
    _ output: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    let scratch = self.scratch(byteCount: count * 16).assumingMemoryBound(to: Int64.self)
    if conversion == .string, physicalType == .byteArray {
      let views = output.assumingMemoryBound(to: StringView.self)
      try arrays.readViews(count, scratch: scratch, heap: window.heap(), into: views)
      return
    }
    let temporary = VectorBuffer(byteCount: count * 16)
    let views = temporary.base.assumingMemoryBound(to: StringView.self)
    try arrays.readViews(count, scratch: scratch, heap: window.heap(), into: views)
    guard let width else {
      try conversion.convert(views: views, count: count, into: output)
      try range?.check(output, count: count)
      return
    }
    // Values of a fixed length are put one after the other, as PLAIN has them.
    let fixed = window.heap().allocate(count * width + readableSlack)
    for index in 0..<count {
      let value = StringView.bytes(at: views + index)
      guard value.count == width, let base = value.baseAddress else {
        throw DecodingFailure("a value of \(value.count) bytes in a column of \(width)")
      }
      (fixed + index * width).copyMemory(from: base, byteCount: width)
    }
    try convert(fixed, width: width, count: count, into: &window, output)
    withExtendedLifetime(temporary) {}
  }

  private func gather(
    _ runs: inout RunLengthBitPacked,
    _ count: Int,
    _ dictionary: ColumnDictionary,
    stride: Int,
    into output: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    switch stride {
    case 1: try gather(&runs, count, dictionary, into: output, UInt8.self)
    case 2: try gather(&runs, count, dictionary, into: output, UInt16.self)
    case 4: try gather(&runs, count, dictionary, into: output, UInt32.self)
    case 8: try gather(&runs, count, dictionary, into: output, UInt64.self)
    default: try gather(&runs, count, dictionary, into: output, UInt128.self)
    }
  }

  private func gather<Element: BitwiseCopyable>(
    _ runs: inout RunLengthBitPacked,
    _ count: Int,
    _ dictionary: ColumnDictionary,
    into output: UnsafeMutableRawPointer,
    _ element: Element.Type
  ) throws(DecodingFailure) {
    let scratch = self.scratch(byteCount: RunLengthBitPacked.gatherStep * 4)
    try runs.gather(
      count,
      from: UnsafePointer(dictionary.values.base.assumingMemoryBound(to: Element.self)),
      limit: dictionary.count,
      scratch: scratch.assumingMemoryBound(to: UInt32.self),
      into: output.assumingMemoryBound(to: Element.self)
    )
  }

  /// Memory for one step's work; its content does not last.
  func scratch(byteCount: Int) -> UnsafeMutableRawPointer {
    if let scratch, scratch.byteCount >= byteCount { return scratch.base }
    let buffer = VectorBuffer(byteCount: byteCount)
    scratch = buffer
    return buffer.base
  }

  // MARK: Pages

  /// The end of the current page's bytes in `pageBuffer`.
  private(set) var pageEnd = 0

  /// Steps to the next page of which not all rows are skipped.
  ///
  /// - Throws: if the chunk ends before its rows do.
  private func nextPage() throws(FormatError) {
    while pageRowsLeft == 0 {
      let expected = goToKnownPage()
      pageOffset = fileOffset + position
      guard rowsLeft > 0, position < bytes.count else {
        throw corrupt("the column chunk has fewer values than it states")
      }
      let end = expected.map { $0.bytes.upperBound - fileOffset } ?? bytes.count
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
      var thrift = ThriftReader(rest, fileOffset: pageOffset)
      let header: PageHeader
      do {
        header = try PageHeader(&thrift)
      } catch {
        throw FormatError(error.reason, error.message, column: column.name, offset: error.offset)
      }
      let start = position + thrift.position
      guard header.compressedByteCount <= end - start else {
        throw corrupt("a page of \(header.compressedByteCount) bytes is longer than its chunk")
      }
      position = start + header.compressedByteCount
      if let expected {
        guard header.kind == .data || header.kind == .dataVersion2, position == end,
          header.valueCount == expected.rows.count
        else { throw corrupt("a page is not as the page index says") }
        pageIndex += 1
      }
      let body = start..<position
      switch header.kind {
      case .other: continue
      case .dictionary:
        try verify(header, body)
        try readDictionary(header, body)
      case .data, .dataVersion2:
        guard header.valueCount <= rowsLeft else {
          throw corrupt("the column chunk has more values than it states")
        }
        // Some writers close a chunk with an empty page.
        if header.valueCount <= skipped {
          skipped -= header.valueCount
          rowsLeft -= header.valueCount
          continue
        }
        try verify(header, body)
        do {
          try beginPage(header, body)
        } catch let error as DecodingFailure {
          throw failure(error)
        } catch let error as FormatError {
          throw error
        } catch {
          throw corrupt("\(error)")
        }
        rowsLeft -= header.valueCount
        pageRowsLeft = header.valueCount
      }
    }
  }

  private func beginPage(_ header: PageHeader, _ body: Range<Int>) throws {
    guard let encoding = header.encoding else {
      throw FormatError(
        .notSupported,
        "encoding \(header.encodingNumber) is not supported",
        column: column.name,
        offset: pageOffset
      )
    }
    var content: UnsafeRawBufferPointer
    levels = nil
    if header.kind == .data {
      content = try decompress(body, byteCount: header.byteCount, isCompressed: true)
      if column.greatestDefinitionLevel > 0 {
        content = try beginLevels(header, content)
      }
    } else {
      let (levelBytes, overflow) = header.definitionLevelByteCount.addingReportingOverflow(
        header.repetitionLevelByteCount
      )
      guard !overflow, levelBytes <= body.count, levelBytes <= header.byteCount else {
        throw corrupt("the levels of a page are longer than the page")
      }
      let firstLevel = body.lowerBound + header.repetitionLevelByteCount
      let firstValue = body.lowerBound + levelBytes
      if column.greatestDefinitionLevel > 0 {
        levels = RunLengthBitPacked(
          UnsafeRawBufferPointer(rebasing: bytes[firstLevel..<firstValue]),
          emptyAt: buffer.base,
          bitWidth: 1
        )
      }
      content = try decompress(
        firstValue..<body.upperBound,
        byteCount: header.byteCount - levelBytes,
        isCompressed: header.isCompressed
      )
    }
    let base = UnsafeRawPointer(pageBuffer.base)
    pageEnd = content.baseAddress.map { $0 + content.count - base } ?? 0
    values = try PageValues(
      encoding,
      content,
      emptyAt: content.baseAddress ?? base,
      physicalType: physicalType,
      width: width,
      hasDictionary: dictionary != nil
    )
  }

  /// Takes the definition levels from the front of a version 1 page and returns the rest.
  private func beginLevels(
    _ header: PageHeader,
    _ content: UnsafeRawBufferPointer
  ) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    let end: Int
    if header.definitionLevelEncoding == ParquetEncoding.bitPacked.rawValue {
      end = (header.valueCount + 7) / 8
      guard end <= content.count else { throw .truncated }
      let reversed = VectorBuffer(byteCount: end + readableSlack)
      reverseBits(UnsafeRawBufferPointer(rebasing: content[..<end]), into: reversed.base)
      levelBuffer = reversed
      levels = RunLengthBitPacked(packed: reversed.base, count: header.valueCount, bitWidth: 1)
    } else {
      guard header.definitionLevelEncoding == ParquetEncoding.runLength.rawValue else {
        throw DecodingFailure("definition levels of encoding \(header.definitionLevelEncoding)")
      }
      guard content.count >= 4 else { throw .truncated }
      let length = Int(content.loadUnaligned(as: UInt32.self).littleEndian)
      guard length <= content.count - 4 else { throw .truncated }
      end = 4 + length
      levels = RunLengthBitPacked(
        UnsafeRawBufferPointer(rebasing: content[4..<end]),
        emptyAt: pageBuffer.base,
        bitWidth: 1
      )
    }
    return UnsafeRawBufferPointer(rebasing: content[end...])
  }

  /// Returns the bytes of a page, decompressed into `pageBuffer` if need be.
  private func decompress(
    _ body: Range<Int>,
    byteCount: Int,
    isCompressed: Bool
  ) throws(FormatError) -> UnsafeRawBufferPointer {
    let source = UnsafeRawBufferPointer(rebasing: bytes[body])
    if codec == .uncompressed || !isCompressed {
      guard source.count == byteCount else {
        throw corrupt("an uncompressed page of \(byteCount) bytes has \(source.count)")
      }
      pageBuffer = buffer
      return source
    }
    if byteCount == 0 {
      pageBuffer = buffer
      return UnsafeRawBufferPointer(rebasing: source[..<source.startIndex])
    }
    // What cannot be true is not allocated for.
    guard codec.canHold(byteCount, in: source.count) else {
      throw corrupt("\(source.count) bytes cannot hold a page of \(byteCount) bytes")
    }
    let memory = takePageBuffer(byteCount: byteCount + readableSlack)
    let output = UnsafeMutableRawBufferPointer(start: memory.base, count: byteCount)
    do {
      try decompressor.decompress(codec, source: source, into: output)
    } catch {
      throw corrupt(error.description)
    }
    return UnsafeRawBufferPointer(output)
  }

  /// Makes `pageBuffer` memory that no vector points into.
  private func takePageBuffer(byteCount: Int) -> VectorBuffer {
    if pageBuffer !== buffer {
      spareBuffer = pageBuffer
      pageBuffer = buffer
    }
    if isKnownUniquelyReferenced(&spareBuffer), let spare = spareBuffer,
      spare.byteCount >= byteCount
    {
      spareBuffer = nil
      pageBuffer = spare
      return spare
    }
    let memory = VectorBuffer(byteCount: byteCount)
    pageBuffer = memory
    return memory
  }

  func readDictionary(_ header: PageHeader, _ body: Range<Int>) throws(FormatError) {
    guard dictionary == nil else { throw corrupt("a column chunk with two dictionaries") }
    guard header.encoding == .plain || header.encoding == .plainDictionary else {
      throw FormatError(
        .notSupported,
        "a dictionary of encoding \(header.encodingNumber) is not supported",
        column: column.name,
        offset: pageOffset
      )
    }
    let content = try decompress(body, byteCount: header.byteCount, isCompressed: true)
    let count = header.valueCount
    guard physicalType != .boolean, count <= content.count / (width ?? 4) else {
      throw corrupt("a dictionary of \(count) values has \(content.count) bytes")
    }
    let stride = type.physicalType.stride
    let entries = VectorBuffer(byteCount: (count + 1) * stride)
    // The entry behind the last is the NULL.
    (entries.base + count * stride).initializeMemory(as: UInt8.self, repeating: 0, count: stride)
    var heaps: [VectorBuffer] = []
    do {
      var window = VectorWindow(type: type, capacity: 0, isIndices: false)
      if let width {
        if count > 0, let base = content.baseAddress {
          try convert(base, width: width, count: count, into: &window, entries.base)
        }
        if conversion == .string, width > StringView.inlineCapacity { heaps.append(pageBuffer) }
      } else {
        var arrays = PlainByteArrays(content, emptyAt: pageBuffer.base)
        try readByteArrays(count, into: &window, entries.base) { views throws(DecodingFailure) in
          try arrays.readViews(count, into: views)
        }
      }
      heaps.append(contentsOf: window.finish(nil).storage.heaps)
    } catch {
      throw failure(error)
    }
    dictionary = ColumnDictionary(
      physicalType: type.physicalType,
      count: count,
      values: entries,
      heaps: heaps
    )
  }
}
