import ApusConnectors
import ApusStorage
import ApusValues
import Testing

/// How a table's directory is searched for partitions.
@Suite struct PartitionDirectoryTests {
  private let directory = TemporaryDirectory()
  private let store = RecordingStore()

  private func search(
    _ keys: [String],
    check: @escaping @Sendable () throws(SQLError) -> Void = {}
  ) throws -> FilesConnector.PartitionDirectories {
    try FilesConnector(store: store).partitionDirectories(
      of: ObjectPath(directory.path + "/"),
      keys: keys,
      check: check
    )
  }

  @Test func onlyWhatIsAboveTheLastLevelIsListed() throws {
    for month in 1...3 {
      for year in [2013, 2014] { directory.write("year=\(year)/Month=\(month)/a/b.parquet", []) }
    }
    directory.write("year=2014/loose.parquet", [])
    let found = try search(["year", "month"])
    #expect(found.partitions.map(\.values).count == 6)
    #expect(found.partitions.first?.values == ["2013", "1"])
    #expect(
      found.partitions.last?.location == ObjectPath(directory.path + "/year=2014/Month=3/")
    )
    #expect(found.others.isEmpty)
    #expect(
      store.listed == ["/", "/year=2013/", "/year=2014/"].map { directory.path + $0 }
    )
  }

  @Test func namesAreDecodedAndOthersTold() throws {
    for path in ["k=a%2Fb/x", "k=/x", "k=__HIVE_DEFAULT_PARTITION__/x", "j=1/x", "k/x", "_k=2/x"] {
      directory.write(path, [])
    }
    let found = try search(["k"])
    #expect(Set(found.partitions.map(\.values)) == [["a/b"], [""], [nil]])
    #expect(Set(found.others) == Set(["/j=1/", "/k/"].map { ObjectPath(directory.path + $0) }))
  }

  @Test func aSearchThatIsCancelledEnds() {
    directory.write("k=1/x", [])
    let error = #expect(throws: SQLError.self) {
      try search(["k"]) { () throws(SQLError) in throw SQLError(.userCanceled, "enough") }
    }
    #expect(error?.code == .userCanceled)
    #expect(store.listed.isEmpty)
  }
}
