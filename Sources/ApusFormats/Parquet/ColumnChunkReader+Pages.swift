import ApusCompression

// Which page comes next, and whether it is as it should be.

extension ColumnChunkReader {
  /// Steps over data pages of which all rows are skipped, where it is known where they lie.
  ///
  /// - Returns: the data page that comes next, if that is known.
  func goToKnownPage() -> PageLocation? {
    // The dictionary comes first.
    guard let pages, pageIndex < pages.count,
      position >= pages[pageIndex].bytes.lowerBound - fileOffset
    else { return nil }
    while pageIndex < pages.count - 1, pages[pageIndex].rows.count <= skipped {
      skipped -= pages[pageIndex].rows.count
      rowsLeft -= pages[pageIndex].rows.count
      pageIndex += 1
    }
    position = pages[pageIndex].bytes.lowerBound - fileOffset
    return pages[pageIndex]
  }

  /// Reads the dictionary page at the start of the chunk; nil if there is another page.
  func readDictionaryPage() throws(FormatError) -> ColumnDictionary? {
    var thrift = ThriftReader(bytes, fileOffset: fileOffset)
    pageOffset = fileOffset
    let header = try PageHeader(&thrift)
    guard header.kind == .dictionary else { return nil }
    guard header.compressedByteCount <= bytes.count - thrift.position else {
      throw corrupt("a page of \(header.compressedByteCount) bytes is longer than its chunk")
    }
    try readDictionary(header, thrift.position..<thrift.position + header.compressedByteCount)
    return dictionary
  }

  /// Compares the bytes of a page that is used with its checksum.
  func verify(_ header: PageHeader, _ body: Range<Int>) throws(FormatError) {
    guard verifiesChecksums, let expected = header.checksum else { return }
    let actual = Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[body]))
    guard actual == expected else { throw corrupt("a page does not have its checksum") }
  }
}
