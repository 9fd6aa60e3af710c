import ApusCatalog
import ApusFormats
import ApusStorage
import ApusValues
import ApusVectors
import Synchronization

/// What is known of the rows of files, from footers that were read and from the catalog, by path, each
/// for one content; and which footers the catalog does not know yet.
final class FileStatisticsCache: Sendable {
  private struct State {
    var known: [ObjectPath: StoredFileStatistics] = [:]
    var unsaved: [ObjectPath: (info: ObjectInfo, footer: ParquetFile)] = [:]
  }

  private let state = Mutex(State())

  /// Files kept; above it what is known is forgotten, and what is not saved stays so.
  private let limit = 20_000

  /// Returns what is known of the content.
  func known(_ info: ObjectInfo) -> StoredFileStatistics? {
    state.withLock { state in
      state.known[info.path].flatMap { $0.file == info ? $0 : nil }
    }
  }

  func keep(_ statistics: some Sequence<StoredFileStatistics>) {
    state.withLock { state in
      for file in statistics {
        if state.known.count >= limit { state.known.removeAll() }
        state.known[file.file.path] = file
      }
    }
  }

  /// Notes a footer that has been read, to be saved later.
  func note(_ footer: ParquetFile, of info: ObjectInfo) {
    state.withLock { state in
      if state.unsaved.count < limit { state.unsaved[info.path] = (info, footer) }
    }
  }

  var hasUnsaved: Bool { state.withLock { !$0.unsaved.isEmpty } }

  /// Takes the statistics of footers that were not saved yet.
  func takeUnsaved() -> [StoredFileStatistics] {
    let unsaved = state.withLock { state in
      defer { state.unsaved = [:] }
      return state.unsaved
    }
    return unsaved.values.map { known($0.info) ?? StoredFileStatistics($0.info, $0.footer) }
  }
}

extension StoredFileStatistics {
  /// What a footer says of its file, row groups together.
  init(_ info: ObjectInfo, _ footer: ParquetFile) {
    var columns: [StoredColumnStatistics] = []
    for (index, field) in footer.fields.enumerated() where field.type != .unknown {
      let bounds = footer.statistics(column: index)
      columns.append(
        StoredColumnStatistics(
          name: field.name.lowercased(),
          type: field.type.description,
          nullCount: bounds.nullCount,
          minimum: bounds.minimum,
          maximum: bounds.maximum
        )
      )
    }
    self.init(file: info, rowCount: footer.rowCount, columns: columns)
  }
}

extension FilesConnector {
  /// Whether footers have been read that the catalog does not know yet.
  public var hasUnsavedStatistics: Bool { footers.statistics.hasUnsaved }

  /// Writes what footers have said to the catalog, if there is one.
  public func saveStatistics() {
    let unsaved = footers.statistics.takeUnsaved()
    guard let catalog, catalog.mayBeWritten, !unsaved.isEmpty else { return }
    let names = FileKeys()
    catalog.remember(
      unsaved.map { statistics in
        var statistics = statistics
        statistics.file = names.key(statistics.file)
        return statistics
      }
    )
  }

  /// Returns what is known of files: of all of them if they are few, of at least `sampleCount`
  /// otherwise, unless their footers cannot be read.
  ///
  /// - Returns: one for each file, nil for those that nothing is known of.
  func statistics(of files: [ObjectInfo], sampleCount: Int) -> [StoredFileStatistics?] {
    var found = files.map { statistics(ofFooter: $0) ?? footers.statistics.known($0) }
    var missing = found.indices.filter { found[$0] == nil }
    if let catalog, !missing.isEmpty {
      let names = FileKeys()
      let keys = missing.map { names.key(files[$0]) }
      let stored = (try? catalog.statistics(of: keys)) ?? [:]
      for (index, key) in zip(missing, keys) {
        found[index] = stored[key.path]
        found[index]?.file = files[index]
      }
      footers.statistics.keep(missing.compactMap { found[$0] })
      missing = missing.filter { found[$0] == nil }
    }
    guard !missing.isEmpty else { return found }
    if files.count > FilesConnector.surveyedFileCount {
      let wanted = max(0, sampleCount - (files.count - missing.count))
      missing = (0..<min(wanted, missing.count)).map { missing[$0 * missing.count / wanted] }
    }
    readFooters(of: missing.map { files[$0] })
    for index in missing { found[index] = statistics(ofFooter: files[index]) }
    return found
  }

  /// The most files all of whose footers are read to know a table better.
  private static var surveyedFileCount: Int { 32 }

  private func statistics(ofFooter info: ObjectInfo) -> StoredFileStatistics? {
    if let known = footers.statistics.known(info) { return known }
    guard let footer = footers.known(info) else { return nil }
    let statistics = StoredFileStatistics(info, footer)
    footers.statistics.keep([statistics])
    return statistics
  }

  /// Returns what ANALYZE has found of the table at a path.
  func analyzed(_ path: ObjectPath) -> StoredTableStatistics? {
    guard let catalog else { return nil }
    return try? catalog.statistics(ofTableAt: path.canonical)
  }
}

/// The names that the catalog has for files: the same wherever the process is.
private final class FileKeys {
  private var directories: [Substring: ObjectPath] = [:]

  /// The same file under its canonical path; each directory is resolved once.
  func key(_ info: ObjectInfo) -> ObjectInfo {
    guard info.path.scheme == nil else { return info }
    let text = info.path.text
    let slash = text.lastIndex(of: "/")
    let directory = slash.map { text[...$0] } ?? ""
    let place = directories[directory] ?? ObjectPath(String(directory)).canonical
    directories[directory] = place
    var key = info
    key.path = place.appending(info.path.name)
    return key
  }
}
