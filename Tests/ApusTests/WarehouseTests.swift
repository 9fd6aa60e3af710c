import ApusStorage
import ApusTestSupport
import ApusValues
import Testing

@testable import Apus

/// What folders and files stand for; the files need no content, as only names are looked at.
@Suite("Warehouse")
struct WarehouseTests {
  private func makeWarehouse(_ paths: [String]) throws -> Warehouse {
    let root = TestFiles.makeTemporaryFolder()
    for path in paths {
      var folder = root
      let parts = path.split(separator: "/")
      for part in parts.dropLast() {
        folder += "/" + part
        TestFiles.makeFolder(folder)
      }
      if let name = parts.last { TestFiles.write("", to: folder + "/" + name) }
    }
    return Warehouse(ObjectPath(root), store: LocalObjectStore())
  }

  @Test("files, folders of files, partitions and folders of folders")
  func layout() throws {
    let warehouse = try makeWarehouse([
      "x.parquet", "notes.txt", "airlines/part-0.parquet", "Flights/month=1/part-0.parquet",
      "sales/orders/part-0.parquet", "sales/lines/day=1/part-0.parquet", "_tmp/a.parquet",
      ".hidden/b.parquet",
    ])
    #expect(try warehouse.schemas() == ["default", "sales"])
    #expect(try warehouse.tables(in: "default") == ["airlines", "flights", "x"])
    #expect(try warehouse.tables(in: "sales") == ["lines", "orders"])
    #expect(try warehouse.location(of: "flights", in: "default")?.hasSuffix("/Flights") == true)
    #expect(try warehouse.location(of: "x", in: "default")?.hasSuffix("/x.parquet") == true)
    #expect(try warehouse.location(of: "orders", in: "sales")?.hasSuffix("/sales/orders") == true)
    #expect(try warehouse.location(of: "sales", in: "default") == nil)
    #expect(try warehouse.location(of: "..", in: "default") == nil)
    #expect(try warehouse.location(of: "_tmp", in: "default") == nil)
    #expect(try warehouse.hasSchema("sales"))
    #expect(try !warehouse.hasSchema("airlines"))
    #expect(try !warehouse.hasSchema("nope"))
  }

  @Test("a warehouse that is not there is empty")
  func missing() throws {
    let warehouse = Warehouse(ObjectPath("/nonexistent/warehouse"), store: LocalObjectStore())
    #expect(try warehouse.schemas() == ["default"])
    #expect(try warehouse.tables(in: "default") == [])
  }
}

@Suite("NamePattern")
struct NamePatternTests {
  @Test(
    "Hive's patterns",
    arguments: [
      ("*", "anything", true), ("order*", "orders", true), ("order*", "reorders", false),
      ("a|b", "b", true), ("a|b", "ab", false), ("*s", "orders", true), ("ORDERS", "orders", true),
      ("o*d*s", "orders", true), ("o_ders", "orders", false), ("", "", true), ("", "a", false),
    ]
  )
  func hive(_ pattern: String, _ name: String, _ matches: Bool) {
    #expect(NamePattern(pattern, .hive).matches(name) == matches)
  }

  @Test(
    "LIKE",
    arguments: [
      ("%", "anything", true), ("a_s", "abs", true), ("a_s", "as", false), ("ab%", "abs", true),
      ("*", "abs", false),
    ]
  )
  func like(_ pattern: String, _ name: String, _ matches: Bool) {
    #expect(NamePattern(pattern, .like).matches(name) == matches)
  }
}

@Suite("ByteCount")
struct ByteCountTests {
  @Test(
    "sizes",
    arguments: [
      ("2GB", 2 << 30), ("512 MB", 512 << 20), ("1.5kb", 1536), ("65536", 65_536),
      ("3MiB", 3 << 20),
      ("10b", 10),
    ]
  )
  func parses(_ text: String, _ count: Int) { #expect(parseByteCount(text) == count) }

  @Test("what is no size", arguments: ["", "GB", "-1GB", "2XB", "1e3", "99999999999TB"])
  func refuses(_ text: String) { #expect(parseByteCount(text) == nil) }
}
