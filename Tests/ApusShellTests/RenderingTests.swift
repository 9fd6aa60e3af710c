import ApusShell
import ApusTestSupport
import ApusValues
import ApusVectors
import Testing

/// One result in every format: numbers, text that needs care, NULL, the empty string.
@Suite("Rendering")
struct RenderingTests {
  static let schema = Schema([
    Field(name: "id", type: .integer),
    Field(name: "name", type: .text),
    Field(name: "price", type: .decimal(precision: 10, scale: 2)),
    Field(name: "ratio", type: .double),
    Field(name: "day", type: .date),
    Field(name: "ok", type: .boolean),
  ])

  static let rows: [[Value]] = [
    [
      .integer(1), .text("plain"), .integer(1234), .double(0.5), .integer(15_706), .boolean(true),
    ],
    [
      .integer(-22), .text("a,\"b\"\n|c"), .integer(-5), .double(1e10), .integer(0),
      .boolean(false),
    ],
    [.null, .text(""), .null, .double(.nan), .null, .null],
    [.integer(3), .null, .integer(0), .double(-.infinity), .integer(-1), .null],
  ]

  static func render(
    _ format: OutputFormat,
    _ schema: Schema = schema,
    _ rows: [[Value]] = rows,
    style: TerminalStyle = .plain,
    batchSize: Int = 3
  ) -> String {
    var formatter = format.makeFormatter(for: style)
    var output: [UInt8] = []
    formatter.begin(schema, into: &output)
    for start in stride(from: 0, to: rows.count, by: batchSize) {
      formatter.append(
        Batch(schema, Array(rows[start..<min(start + batchSize, rows.count)])),
        into: &output
      )
    }
    formatter.finish(rowCount: rows.count, into: &output)
    return String(decoding: output, as: UTF8.self)
  }

  private func lines(_ text: String) -> [Substring] { text.split { $0 == "\n" } }

  @Test("box")
  func box() {
    #expect(
      RenderingTests.render(.box) == #"""
        ┌──────┬───────────┬───────┬───────────┬────────────┬───────┐
        │   id │ name      │ price │     ratio │ day        │ ok    │
        ├──────┼───────────┼───────┼───────────┼────────────┼───────┤
        │    1 │ plain     │ 12.34 │       0.5 │ 2013-01-01 │ true  │
        │  -22 │ a,"b"\n|c │ -0.05 │    1.0E10 │ 1970-01-01 │ false │
        │ NULL │           │  NULL │       NaN │ NULL       │ NULL  │
        │    3 │ NULL      │  0.00 │ -Infinity │ 1969-12-31 │ NULL  │
        └──────┴───────────┴───────┴───────────┴────────────┴───────┘
        (4 rows)

        """#
    )
  }

  @Test("csv")
  func csv() {
    #expect(
      RenderingTests.render(.csv) == #"""
        id,name,price,ratio,day,ok
        1,plain,12.34,0.5,2013-01-01,true
        -22,"a,""b""
        |c",-0.05,1.0E10,1970-01-01,false
        ,"",,NaN,,
        3,,0.00,-Infinity,1969-12-31,

        """#
    )
  }

  @Test("tsv")
  func tsv() {
    let lines = RenderingTests.render(.tsv).split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines[0] == "id\tname\tprice\tratio\tday\tok")
    #expect(lines[2] == "-22\ta,\"b\"\\n|c\t-0.05\t1.0E10\t1970-01-01\tfalse")
    #expect(lines[3] == "\\N\t\t\\N\tNaN\t\\N\t\\N")
  }

  @Test("json")
  func json() {
    #expect(
      RenderingTests.render(.json) == #"""
        [
          {"id":1,"name":"plain","price":12.34,"ratio":0.5,"day":"2013-01-01","ok":true},
          {"id":-22,"name":"a,\"b\"\n|c","price":-0.05,"ratio":1.0E10,"day":"1970-01-01","ok":false},
          {"id":null,"name":"","price":null,"ratio":"NaN","day":null,"ok":null},
          {"id":3,"name":null,"price":0.00,"ratio":"-Infinity","day":"1969-12-31","ok":null}
        ]

        """#
    )
    #expect(RenderingTests.render(.json, RenderingTests.schema, []) == "[]\n")
  }

  @Test("ndjson")
  func ndjson() {
    let lines = RenderingTests.render(.ndjson).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(
      lines[0]
        == #"{"id":1,"name":"plain","price":12.34,"ratio":0.5,"day":"2013-01-01","ok":true}"#
    )
  }

  @Test("markdown")
  func markdown() {
    #expect(
      RenderingTests.render(.markdown) == #"""
        | id | name | price | ratio | day | ok |
        |--:|---|--:|--:|---|---|
        | 1 | plain | 12.34 | 0.5 | 2013-01-01 | true |
        | -22 | a,"b"<br>\|c | -0.05 | 1.0E10 | 1970-01-01 | false |
        | NULL |  | NULL | NaN | NULL | NULL |
        | 3 | NULL | 0.00 | -Infinity | 1969-12-31 | NULL |

        """#
    )
  }

  @Test("vertical")
  func vertical() {
    let schema = Schema([Field(name: "a", type: .bigint), Field(name: "long", type: .text)])
    let text = RenderingTests.render(.vertical, schema, [[.integer(7), .text("x\ty")]])
    #expect(
      text == #"""
        ─[ row 1 ]────────
        a    │ 7
        long │ x\ty
        (1 row)

        """#
    )
  }

  @Test("JSON keeps columns of one name apart and escapes controls")
  func jsonNames() {
    let schema = Schema([Field(name: "a", type: .text), Field(name: "a", type: .text)])
    let text = RenderingTests.render(.ndjson, schema, [[.text("\u{1}é\\"), .text("\t")]])
    #expect(text == #"{"a":"\u0001é\\","a_2":"\t"}"# + "\n")
  }

  @Test("box counts cells of wide and combining characters")
  func boxWidths() {
    let schema = Schema([Field(name: "city", type: .text), Field(name: "n", type: .bigint)])
    let text = RenderingTests.render(
      .box,
      schema,
      [
        [.text("東京"), .integer(1)], [.text("Zu\u{308}rich"), .integer(2)],
        [.text("👩‍👩‍👧🇯🇵"), .integer(3)],
      ]
    )
    #expect(
      text == """
        ┌────────┬───┐
        │ city   │ n │
        ├────────┼───┤
        │ 東京   │ 1 │
        │ Zu\u{308}rich │ 2 │
        │ 👩‍👩‍👧🇯🇵   │ 3 │
        └────────┴───┘
        (3 rows)

        """
    )
  }

  @Test("box cuts values on a terminal and nowhere else")
  func boxTruncation() {
    let schema = Schema([Field(name: "t", type: .text), Field(name: "n", type: .bigint)])
    let rows: [[Value]] = [[.text("abcdefghijklmnopqrstuvwxyz"), .integer(1)]]
    let narrow = RenderingTests.render(.box, schema, rows, style: TerminalStyle(width: 20))
    #expect(narrow.contains("│ abcdefghijk… │ 1 │\n"))
    #expect(lines(narrow).dropLast().allSatisfy { $0.count == 20 })
    let wide = RenderingTests.render(.box, schema, rows)
    #expect(wide.contains("abcdefghijklmnopqrstuvwxyz"))
  }

  @Test("box leaves out columns that do not fit a terminal, and says so")
  func boxHiddenColumns() {
    let schema = Schema((0..<20).map { Field(name: "column\($0)", type: .bigint) })
    let rows: [[Value]] = [(0..<20).map { .integer(Int64($0)) }]
    let text = RenderingTests.render(.box, schema, rows, style: TerminalStyle(width: 40))
    #expect(text.contains("columns not shown; "))
    #expect(lines(text).dropLast().allSatisfy { $0.count <= 40 })
  }

  @Test("box takes its widths from the first window and streams the rest uncut")
  func boxWindow() {
    let schema = Schema([Field(name: "t", type: .text)])
    var formatter = BoxFormatter(windowSize: 2)
    var output: [UInt8] = []
    formatter.begin(schema, into: &output)
    formatter.append(Batch(schema, [[.text("ab")]]), into: &output)
    #expect(output.isEmpty)
    formatter.append(Batch(schema, [[.text("cd")]]), into: &output)
    #expect(!output.isEmpty)
    formatter.append(Batch(schema, [[.text("longer than that")]]), into: &output)
    formatter.finish(rowCount: 3, into: &output)
    let text = String(decoding: output, as: UTF8.self)
    #expect(text.contains("│ ab │\n│ cd │\n│ longer than that │\n"))
  }

  @Test("NULL is dim on a terminal that can")
  func dimNull() {
    let schema = Schema([Field(name: "t", type: .text)])
    let style = TerminalStyle(width: 80, canDim: true)
    let text = RenderingTests.render(.box, schema, [[.null], [.text("NULL")]], style: style)
    #expect(text.contains("│ \u{1b}[2mNULL\u{1b}[0m │\n│ NULL │\n"))
  }

  @Test("no value moves the cursor")
  func controls() {
    let schema = Schema([Field(name: "t", type: .text)])
    let text = RenderingTests.render(.box, schema, [[.text("\u{1b}[31mred")]])
    #expect(text.contains(#"\u{1b}[31mred"#))
  }
}

/// The bytes of cells against the text of single values, which is Athena's.
@Suite("Cells")
struct CellTests {
  static let cases: [(SQLType, [Value])] = [
    (.tinyint, [.integer(-128), .integer(127)]),
    (.smallint, [.integer(-32_768), .integer(0)]),
    (.integer, [.integer(Int64(Int32.min)), .integer(10), .integer(100)]),
    (.bigint, [.integer(.min), .integer(.max), .integer(0), .integer(-1)]),
    (.decimal(precision: 5, scale: 0), [.integer(-12), .integer(0)]),
    (.decimal(precision: 18, scale: 18), [.integer(1), .integer(-1), .integer(.max)]),
    (.decimal(precision: 18, scale: 3), [.integer(-1), .integer(999), .integer(123_456)]),
    (.decimal(precision: 38, scale: 10), [.wide(-1), .wide(Int128(Int64.max) * 1000)]),
    (.real, [.real(0.1), .real(1e10), .real(-0.0), .real(.nan), .real(16_777_216)]),
    (
      .double,
      [
        .double(0.1), .double(1e7), .double(9_999_999), .double(0.001), .double(0.000_999),
        .double(-0.0), .double(5e-324), .double(.infinity), .double(123_456.789), .double(1e-3),
        .double(100),
      ]
    ),
    (.date, [.integer(0), .integer(-719_529), .integer(2_932_896), .integer(15_706)]),
    (.timestamp(precision: 0), [.integer(-1), .integer(0)]),
    (.timestamp(precision: 3), [.integer(1_356_998_400_123_456), .integer(-1)]),
    (.timestamp(precision: 6), [.integer(1), .integer(-62_135_596_800_000_000)]),
    (.timestamp(precision: 9), [.wide(1_000), .wide(-1_000)]),
    (.time(precision: 3), [.integer(0), .integer(86_399_999_000)]),
    (.varbinary, [.binary([]), .binary([0, 255, 16])]),
    (.char(length: 4), [.text("ab"), .text("")]),
    (.intervalDayToSecond, [.integer(-1), .integer(93_784_005)]),
    (.intervalYearToMonth, [.integer(18), .integer(-1)]),
  ]

  @Test("cell text is value text", arguments: cases.indices)
  func text(_ index: Int) {
    let (type, values) = CellTests.cases[index]
    let schema = Schema([Field(name: "c", type: type)])
    let text = RenderingTests.render(.tsv, schema, values.map { [$0] })
    let expected = values.map { $0.text(as: type) ?? "\\N" }
    #expect(
      text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast()
        .map(String.init) == expected
    )
  }
}
