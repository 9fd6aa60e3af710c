import ApusStorage
import ApusValues

/// A file of a table.
struct TableFile: Sendable {
  var info: ObjectInfo
  /// One for each partition column that is not hidden.
  var values: [Value]
}

/// Where a table's files come from.
enum FileSource: Sendable {
  /// Found by listing a path, once.
  case found([TableFile])
  /// Listed when it is known which partitions are wanted.
  case declared(DeclaredFiles)
}

/// The files of some partitions of a table, and what was left out.
struct ChosenFiles: Sendable {
  var files: [TableFile]
  /// Files known and left out; those of partitions that were never listed are not counted.
  var prunedFileCount = 0
  /// By the first partition column, in the table's order, that ruled files out, or partitions where
  /// a table declares them.
  var prunedByColumn: [Int: Int] = [:]
  /// How many partitions are left of how many; nil without partitions.
  var partitions: (kept: Int, all: Int)?
}
