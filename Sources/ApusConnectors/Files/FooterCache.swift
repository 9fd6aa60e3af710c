import ApusFormats
import ApusStorage
import ApusValues
import ApusVectors
import Synchronization

/// Footers that have been parsed, by path, each for the content that it was parsed from.
final class FooterCache: Sendable {
  private struct Entry {
    var tag: String
    var file: ParquetFile
  }

  let statistics = FileStatisticsCache()

  private let entries = Mutex<[ObjectPath: Entry]>([:])

  /// Footers kept; above it the cache is emptied, which costs one parse a file.
  private let limit = 4096

  /// Returns the footer of an open file.
  ///
  /// - Parameter read: called with the number of bytes for each read that was needed.
  func footer(
    of reader: any ObjectReader,
    read: (Int) -> Void
  ) throws(SQLError) -> ParquetFile {
    let info = reader.info
    if let known = known(info) { return known }
    let file = try FooterRead(reader).finish(read)
    remember(file, of: info)
    return file
  }

  /// Returns the footer of that content, if it was parsed before.
  func known(_ info: ObjectInfo) -> ParquetFile? {
    entries.withLock { $0[info.path].flatMap { $0.tag == info.tag ? $0.file : nil } }
  }

  /// Keeps a footer for later statements.
  func remember(_ file: ParquetFile, of info: ObjectInfo) {
    statistics.note(file, of: info)
    entries.withLock { entries in
      if entries.count >= limit { entries.removeAll() }
      entries[info.path] = Entry(tag: info.tag, file: file)
    }
  }
}

/// The end of a file on its way, with the footer in it.
struct FooterRead {
  private let reader: any ObjectReader
  private let tail: Tail

  /// The last bytes of a file.
  private struct Tail {
    let buffer: VectorBuffer
    let bytes: UnsafeMutableRawBufferPointer
    let pending: any PendingRead

    init(_ reader: any ObjectReader, _ count: Int) {
      buffer = VectorBuffer(byteCount: count)
      bytes = UnsafeMutableRawBufferPointer(start: buffer.base, count: count)
      pending = reader.start([ObjectRead(offset: reader.info.size - count, buffer: bytes)])
    }
  }

  /// Begins to read as much as likely has the footer.
  init(_ reader: any ObjectReader) {
    self.reader = reader
    tail = Tail(reader, min(reader.info.size, ParquetFile.likelyTailByteCount))
  }

  /// Waits for the bytes and parses them.
  ///
  /// - Parameter read: called with the number of bytes for each read that was needed.
  func finish(_ read: (Int) -> Void) throws(SQLError) -> ParquetFile {
    let size = reader.info.size
    let name = reader.info.path.text
    do {
      var tail = tail
      try tail.pending.wait()
      read(tail.bytes.count)
      let needed = try ParquetFile.tailByteCount(
        tail: UnsafeRawBufferPointer(tail.bytes),
        byteCount: size
      )
      if needed > tail.bytes.count {
        tail = Tail(reader, needed)
        try tail.pending.wait()
        read(needed)
      }
      let file = try ParquetFile(
        name: name,
        tail: UnsafeRawBufferPointer(tail.bytes),
        byteCount: size
      )
      withExtendedLifetime(tail.buffer) {}
      return file
    } catch let error as FormatError {
      throw error.sqlError(file: name)
    } catch let error as StorageError {
      throw error.sqlError
    } catch {
      throw .internal("\(error)")
    }
  }
}

extension FilesConnector {
  /// Opens a file that a listing has found.
  func open(_ info: ObjectInfo) throws(SQLError) -> any ObjectReader {
    do {
      return try store.open(info.path, expecting: info)
    } catch {
      throw error.sqlError
    }
  }

  /// Returns a file's footer, from memory if it has been read before.
  func footer(of info: ObjectInfo) throws(SQLError) -> ParquetFile {
    if let known = footers.known(info) { return known }
    return try footers.footer(of: try open(info)) { _ in }
  }

  /// Reads the footers of files that are not known yet, all at once. What fails is left to whoever
  /// needs it.
  func readFooters(of files: [ObjectInfo]) {
    var reads: [(ObjectInfo, FooterRead)] = []
    for info in files where footers.known(info) == nil {
      if let reader = try? open(info) { reads.append((info, FooterRead(reader))) }
    }
    for (info, read) in reads {
      if let file = try? read.finish({ _ in }) { footers.remember(file, of: info) }
    }
  }
}
