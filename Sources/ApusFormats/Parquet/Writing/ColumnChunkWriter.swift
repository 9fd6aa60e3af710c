import ApusValues
import ApusVectors

// A column chunk on its way into a file:
//
//   rows → levels, values → dictionary indices or plain values → page, compressed → … → chunk
//
// Each chunk begins with a dictionary. Its first page shows whether that pays: if entries and
// indices together are no smaller than the values, the page is encoded anew as PLAIN and the
// dictionary given up. It is given up later, too, when it grows beyond its limit; pages written
// until then keep it, so that a reader finds pages of both encodings, in this order.
//
// Safety: room is reserved before staging and dictionaries write through pointers, for as many rows
// as they are given; `pageRowCount` and `pageValueCount` say how many elements the buffers hold.

/// Collects the pages of one column of one row group after the other.
final class ColumnChunkWriter {
  let field: Field
  let form: StoredForm
  let element: SchemaElement
  private let options: ParquetWriterOptions
  private let compressor: PageCompressor
  private let staging: ValueStaging
  /// Rows after which a page is full whatever its values are.
  private let pageCapacity: Int

  // The page at hand. It has indices or plain values: bytes of 0 and 1 for booleans, else the
  // content of a plain page.
  private let levels = GrowableBytes()
  private let indices = GrowableBytes()
  private let plain = GrowableBytes()
  private var pageRowCount = 0
  private var pageValueCount = 0
  private var pageBounds = WrittenBounds()

  // The chunk at hand.
  private let dictionary: ValueDictionary?
  private var usesDictionary: Bool
  /// The page of a dictionary that gets no further entries.
  private var dictionaryPage: WrittenPage?
  private var pages: [DataPage] = []
  private var pagesByteCount = 0

  /// A finished data page with what indexes say of it.
  struct DataPage {
    var page: WrittenPage
    var rowCount: Int
    var valueCount: Int
    var usesDictionary: Bool
    var bounds: WrittenBounds
  }

  init(
    _ field: Field,
    options: ParquetWriterOptions,
    compressor: PageCompressor,
    staging: ValueStaging
  ) throws(SQLError) {
    self.field = field
    (form, element) = try StoredForm.make(for: field)
    self.options = options
    self.compressor = compressor
    self.staging = staging
    let byBytes = options.pageByteLimit / (form.width ?? 1)
    pageCapacity = max(1, min(options.pageRowLimit, form.width == nil ? .max : byBytes))
    dictionary = options.dictionaryByteLimit > 0 ? ValueDictionary(form) : nil
    usesDictionary = dictionary != nil
  }

  /// Memory in bytes.
  var allocatedByteCount: Int {
    levels.capacity + indices.capacity + plain.capacity + pagesByteCount
      + (dictionary?.allocatedByteCount ?? 0)
  }

  /// About how many bytes the chunk would have in the file if it ended here.
  var storedByteCount: Int {
    guard let dictionary, dictionary.count > 0 else { return pagesByteCount + plain.count }
    return pagesByteCount + plain.count + dictionary.plainByteCount
      + pageValueCount * dictionary.bitWidth / 8
  }

  /// Adds rows of a vector of the column's type.
  func append(_ vector: ColumnVector, _ range: Range<Int>) throws(SQLError) {
    var first = range.lowerBound
    while first < range.upperBound {
      let room = min(pageCapacity - pageRowCount, ValueStaging.capacity)
      let rows = first..<min(range.upperBound, first + room)
      first += try appendToPage(vector, rows)
      if pageRowCount == pageCapacity || plain.count >= options.pageByteLimit {
        try finishPage()
      }
    }
  }

  /// Adds rows to the page at hand, which has room for them as far as their number goes.
  ///
  /// - Returns: how many were added; fewer than all, maybe none, where strings fill the page.
  private func appendToPage(_ vector: ColumnVector, _ range: Range<Int>) throws(SQLError) -> Int {
    levels.reserve(range.count)
    let target = levels.end.assumingMemoryBound(to: UInt8.self)
    let valid = staging.stageLevels(vector, range, into: target)
    guard usesDictionary, let dictionary else {
      return try appendPlainValues(vector, range, levels: target, valid: valid)
    }
    indices.reserve(valid * 4)
    let output = indices.end.assumingMemoryBound(to: UInt32.self)
    if case .strings(let table) = dictionary, vector.encoding != .flat {
      let rows = staging.stageRows(vector, range, levels: target)
      table.findIndices(of: vector.storage, at: rows, count: valid, into: output)
    } else {
      let values = try staging.stageValues(
        vector,
        range,
        form: form,
        levels: target,
        valid: valid
      )
      dictionary.findIndices(of: values, count: valid, into: output)
      if case .strings = dictionary {
        // The dictionary knows the bounds of a page.
      } else {
        pageBounds.extend(values, count: valid, form: form)
      }
    }
    indices.advance(valid * 4)
    countRows(range.count, valid)
    if dictionary.plainByteCount > options.dictionaryByteLimit {
      try finishPage()
      try finishDictionary()
      giveUpDictionary()
    }
    return range.count
  }

  private func appendPlainValues(
    _ vector: ColumnVector,
    _ range: Range<Int>,
    levels target: UnsafeMutablePointer<UInt8>,
    valid: Int
  ) throws(SQLError) -> Int {
    let values = try staging.stageValues(vector, range, form: form, levels: target, valid: valid)
    switch form {
    case .string:
      let views = values.assumingMemoryBound(to: StringView.self)
      var byteCount = 4 * valid
      for index in 0..<valid { byteCount &+= views[index].count }
      if plain.count + byteCount > options.pageByteLimit, range.count > 1 || pageRowCount > 0 {
        // Fewer rows for a page that is empty, a new page for the others.
        if pageRowCount > 0 {
          try finishPage()
          return 0
        }
        let fewer = range.lowerBound..<range.lowerBound + range.count / 2
        return try appendToPage(vector, fewer)
      }
      appendPlain(views, count: valid, byteCount: byteCount, to: plain)
    case .int128(let width):
      appendBigEndian(
        values.assumingMemoryBound(to: UInt128.self),
        count: valid,
        width: width,
        to: plain
      )
    default:
      plain.append(UnsafeRawBufferPointer(start: values, count: valid * (form.width ?? 1)))
    }
    pageBounds.extend(values, count: valid, form: form)
    countRows(range.count, valid)
    return range.count
  }

  private func countRows(_ rows: Int, _ values: Int) {
    levels.advance(rows)
    pageRowCount += rows
    pageValueCount += values
  }

  /// Makes the dictionary's page and gives its memory back.
  private func finishDictionary() throws(SQLError) {
    guard let dictionary, dictionary.count > 0 else { return }
    dictionary.appendPlain(to: compressor.page)
    let page = try compressor.makeDictionaryPage(valueCount: dictionary.count)
    pagesByteCount += page.byteCount
    dictionaryPage = page
    dictionary.removeAll()
  }

  private func giveUpDictionary() {
    usesDictionary = false
    indices.removeAll(retaining: 0)
  }

  private var pageIndices: UnsafePointer<UInt32> {
    UnsafePointer(indices.base.assumingMemoryBound(to: UInt32.self))
  }

  /// Whether indices into the dictionary are smaller than the values: asked of the first page with
  /// values, true from then on.
  private func dictionaryPays(_ dictionary: ValueDictionary) -> Bool {
    if pageValueCount == 0 || pages.contains(where: { $0.valueCount > 0 }) { return true }
    let asIndices = dictionary.plainByteCount + pageValueCount * dictionary.bitWidth / 8
    return asIndices < dictionary.plainByteCount(of: pageIndices, count: pageValueCount)
  }

  private func finishPage() throws(SQLError) {
    if pageRowCount == 0 { return }
    if usesDictionary, let dictionary {
      if case .strings(let table) = dictionary {
        if let (low, high) = table.pageBounds { pageBounds.extend(low: low, high: high) }
        table.beginPage()
      }
      if !dictionaryPays(dictionary) {
        dictionary.appendPlain(pageIndices, count: pageValueCount, to: plain)
        dictionary.removeAll()
        giveUpDictionary()
      }
    }
    // A page of NULLs alone before the first value has no dictionary to refer to.
    let isIndices = usesDictionary && (dictionary?.count ?? 0) > 0
    let page = compressor.page
    page.append(littleEndian: 0)
    appendRunLengthBitPacked(
      levels: levels.base.assumingMemoryBound(to: UInt8.self),
      count: pageRowCount,
      to: page
    )
    page.store(littleEndian: UInt32(truncatingIfNeeded: page.count - 4), at: 0)
    if isIndices, let dictionary {
      page.append(byte: UInt8(dictionary.bitWidth))
      appendRunLengthBitPacked(
        pageIndices,
        count: pageValueCount,
        bitWidth: dictionary.bitWidth,
        to: page
      )
    } else if case .boolean = form {
      appendBits(
        plain.base.assumingMemoryBound(to: UInt8.self),
        count: pageValueCount,
        to: page
      )
    } else {
      page.append(plain.bytes)
    }
    let written = try compressor.makeDataPage(
      valueCount: pageRowCount,
      encoding: isIndices ? .plainDictionary : .plain
    )
    pages.append(
      DataPage(
        page: written,
        rowCount: pageRowCount,
        valueCount: pageValueCount,
        usesDictionary: isIndices,
        bounds: pageBounds
      )
    )
    pagesByteCount += written.byteCount
    levels.removeAll()
    indices.removeAll()
    plain.removeAll()
    pageRowCount = 0
    pageValueCount = 0
    pageBounds = WrittenBounds()
  }

  /// Writes the chunk out and begins another.
  ///
  /// - Parameter offset: where the chunk starts in the file; moved to its end.
  func finishChunk(
    at offset: inout Int,
    _ write: (UnsafeRawBufferPointer) throws(SQLError) -> Void
  ) throws(SQLError) -> WrittenChunk {
    try finishPage()
    try finishDictionary()
    var chunk = WrittenChunk(self, codec: compressor.codec)
    if let page = dictionaryPage {
      try write(page.bytes)
      chunk.addDictionaryPage(page, at: offset)
      offset += page.byteCount
    }
    for page in pages {
      try write(page.page.bytes)
      chunk.add(page, at: offset)
      offset += page.page.byteCount
    }
    dictionaryPage = nil
    usesDictionary = dictionary != nil
    levels.removeAll(retaining: 0)
    indices.removeAll(retaining: 0)
    plain.removeAll(retaining: 0)
    pages = []
    pagesByteCount = 0
    return chunk
  }
}
