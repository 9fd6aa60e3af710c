import ApusShell
import Testing

@Suite("ShellSettings")
struct ShellSettingsTests {
  @Test("reads keys and values")
  func reads() throws {
    let settings = try ShellSettings(
      configuration: """
        # a lake
        warehouse = "/data/\\"lake\\""   # quoted
        format='csv'
        threads = 4
        memory-limit = "2GB"
        timing = true
        """,
      name: "apus.toml"
    )
    #expect(settings.warehouse == "/data/\"lake\"")
    #expect(settings.format == .csv)
    #expect(settings.threads == 4)
    #expect(settings.memoryLimit == 2 << 30)
    #expect(settings.timing == true)
  }

  @Test(
    "says what is wrong and where",
    arguments: [
      ("a", "f:1: expected key = value"),
      ("\nthreads = x", "f:2: expected a string in quotes, an integer, true or false"),
      ("threads = 'x'", "f:1: threads must be an integer"),
      ("threads = 0", "f:1: threads must be 1 to 256"),
      ("warehouse = 'x", "f:1: the quote is not closed"),
      ("warehouse = 'x' y", "f:1: nothing may follow the value"),
      ("timing = true\ntiming = true", "f:2: 'timing' stands here twice"),
      ("memory-limit = \"lots\"", "f:1: 'lots' is no size such as \"2GB\""),
    ]
  )
  func refuses(_ text: String, _ message: String) {
    do {
      _ = try ShellSettings(configuration: text, name: "f")
      Issue.record("no error")
    } catch {
      #expect(error.message == message)
    }
  }

  @Test("flags win over what lies below")
  func over() throws {
    var flags = ShellSettings()
    flags.threads = 1
    let file = try ShellSettings(configuration: "threads = 4\nformat = 'tsv'", name: "f")
    let result = flags.over(file)
    #expect(result.threads == 1)
    #expect(result.format == .tsv)
  }
}
