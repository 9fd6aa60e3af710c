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
    let file = try FooterCache.parse(reader, read: read)
    entries.withLock { entries in
      if entries.count >= limit { entries.removeAll() }
      entries[info.path] = Entry(tag: info.tag, file: file)
    }
    return file
  }

  /// Returns the footer of that content, if it was parsed before.
  func known(_ info: ObjectInfo) -> ParquetFile? {
    entries.withLock { $0[info.path].flatMap { $0.tag == info.tag ? $0.file : nil } }
  }

  private static func parse(
    _ reader: any ObjectReader,
    read: (Int) -> Void
  ) throws(SQLError) -> ParquetFile {
    let size = reader.info.size
    let name = reader.info.path.text
    var tail = try FooterCache.tail(reader, min(size, ParquetFile.likelyTailByteCount), read)
    do {
      let needed = try ParquetFile.tailByteCount(tail: tail.bytes, byteCount: size)
      if needed > tail.bytes.count { tail = try FooterCache.tail(reader, needed, read) }
      let file = try ParquetFile(name: name, tail: tail.bytes, byteCount: size)
      withExtendedLifetime(tail.buffer) {}
      return file
    } catch let error as FormatError {
      throw error.sqlError(file: name)
    } catch let error as SQLError {
      throw error
    } catch {
      throw .internal("\(error)")
    }
  }

  /// Reads the last `count` bytes of an object.
  private static func tail(
    _ reader: any ObjectReader,
    _ count: Int,
    _ read: (Int) -> Void
  ) throws(SQLError) -> (buffer: VectorBuffer, bytes: UnsafeRawBufferPointer) {
    let buffer = VectorBuffer(byteCount: count)
    do {
      try reader.read(
        at: reader.info.size - count,
        into: UnsafeMutableRawBufferPointer(start: buffer.base, count: count)
      )
    } catch {
      throw error.sqlError
    }
    read(count)
    return (buffer, UnsafeRawBufferPointer(start: buffer.base, count: count))
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
}
