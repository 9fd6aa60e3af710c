import Apus
import ApusREPL
import ApusShell
import ApusValues
import ArgumentParser
import Glibc

/// The program `apus`: reads its arguments and leaves the rest to ApusShell.
@main
struct ApusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apus",
    abstract: "Queries Parquet files with Athena's SQL.",
    usage: "apus [-c <sql>] [-f <file>] [options]",
    discussion: """
      Statements come from -c, from -f and from standard input, and run in that order of the \
      command line; the first that fails ends the run. Results go to standard output, all else to \
      standard error. Without any of them, on a terminal, a prompt asks for statements.

      A folder in the warehouse is a table (default.flights), a folder of folders a schema \
      (sales.orders); a path in quotes is a table as well.

      EXAMPLES:
        apus -c "SELECT count(*) FROM 'data/*.parquet'"
        apus --warehouse lake -c "SHOW TABLES" --format csv
        apus -f report.sql --output report.json --format json
        echo "SELECT 1" | apus --timing

      FORMATS:
        box       a drawn table (the default on a terminal)
        csv       RFC 4180 with a header (the default elsewhere); NULL is an empty field, '' is ""
        tsv       tabs between fields, escapes as in PostgreSQL's COPY; NULL is \\N
        json      an array of objects; decimals keep their digits
        ndjson    an object a line
        markdown  a table of GitHub's Markdown
        vertical  a line per value

      CONFIGURATION FILE:
        Lines of key = value in TOML's notation; keys are warehouse, catalog,
        s3-profiles (several with commas), format, threads, memory-limit, temporary-directory, timing. A flag wins over APUS_WAREHOUSE, which wins over the file.

      EXIT STATUS:
        0 all went well    1 a statement failed     2 the command line was wrong
        130 Ctrl-C         141 the reader of the results went away
      """,
    version: apusVersion
  )

  @Option(
    name: [.customShort("c"), .customLong("command")],
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run these statements.", valueName: "sql"),
    transform: { OrderedSource(.text($0)) }
  )
  var commands: [OrderedSource] = []

  @Option(
    name: [.customShort("f"), .customLong("file")],
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run the statements of a file; - is standard input.", valueName: "file"),
    transform: { OrderedSource($0 == "-" ? .standardInput : .file($0)) }
  )
  var files: [OrderedSource] = []

  @Option(help: "How results look: box, csv, tsv, json, ndjson, markdown, vertical.")
  var format: OutputFormat?

  @Option(help: ArgumentHelp("Write results to a file, all or nothing.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The directory or s3://bucket/prefix of the tables (APUS_WAREHOUSE, ./warehouse).",
      valueName: "place"
    )
  )
  var warehouse: String?

  @Option(
    help: ArgumentHelp(
      "The catalog's file (_apus/catalog.sqlite in the directory; for a bucket in "
        + "$XDG_DATA_HOME/apus).",
      valueName: "file"
    )
  )
  var catalog: String?

  @Option(
    name: .customLong("s3-profile"),
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Take keys, endpoint and region of a bucket from a profile of ~/.aws.",
      valueName: "s3://bucket/=profile"
    ),
    transform: { text in
      guard let choice = S3ProfileChoice(text) else { throw ValidationError(S3ProfileChoice.shape) }
      return choice
    }
  )
  var profiles: [S3ProfileChoice] = []

  @Option(help: ArgumentHelp("Threads that work on a query.", valueName: "count"))
  var threads: Int?

  @Option(
    name: .customLong("memory-limit"),
    help: ArgumentHelp("Memory that queries may hold together, such as 2GB.", valueName: "size")
  )
  var memoryLimit: ByteCount?

  @Option(
    name: .customLong("temporary-directory"),
    help: ArgumentHelp(
      "Where queries write what they may not hold; otherwise $TMPDIR or /var/tmp.",
      valueName: "directory"
    )
  )
  var temporaryDirectory: String?

  @Option(help: ArgumentHelp("Read settings from a file.", valueName: "file"))
  var config: String?

  @Flag(help: "Say on standard error how long each statement took.")
  var timing = false

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads must be 1 to 256")
    }
  }

  func run() throws {
    var sources = (commands + files).sorted { $0.position < $1.position }.map(\.source)
    if sources.isEmpty {
      if Terminal.isTerminal(STDIN_FILENO) {
        guard output == nil else {
          throw ValidationError("--output needs -c or -f; at the prompt there is \\o")
        }
        let status = REPL.run(try settings())
        guard status == .success else { throw ExitCode(status.rawValue) }
        return
      }
      sources = [.standardInput]
    }
    let command = ShellCommand(
      settings: try settings(),
      sources: sources,
      outputPath: output
    )
    let status = command.run()
    guard status == .success else { throw ExitCode(status.rawValue) }
  }

  /// Flags over environment over file.
  private func settings() throws -> ShellSettings {
    var flags = ShellSettings()
    flags.warehouse = warehouse ?? Terminal.variable("APUS_WAREHOUSE")
    flags.format = format
    flags.threads = threads
    flags.memoryLimit = memoryLimit?.count
    flags.temporaryDirectory = temporaryDirectory
    flags.catalog = catalog
    flags.profiles = profiles.isEmpty ? nil : profiles
    flags.timing = timing ? true : nil
    guard let config else { return flags }
    do {
      return flags.over(try ShellSettings(configuration: try readText(config), name: config))
    } catch let error as ConfigurationError {
      throw ValidationError(error.message)
    }
  }

  private func readText(_ path: String) throws -> String {
    do {
      return try ScriptSource.file(path).read()
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// Runs the command; what ArgumentParser calls wrong usage (64) ends with 2.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      if code == .validationFailure {
        Terminal.complain(fullMessage(for: error) + "\n")
        Glibc.exit(ShellStatus.usage.rawValue)
      }
      exit(withError: error)
    }
  }
}

/// A source with its place on the command line, as -c and -f are collected apart.
struct OrderedSource: Sendable {
  let source: ScriptSource
  let position: Int

  init(_ source: ScriptSource) {
    self.source = source
    position = OrderedSource.counter.next()
  }

  private static let counter = PositionCounter()
}

/// A size on the command line.
struct ByteCount: ExpressibleByArgument {
  let count: Int

  init?(argument: String) {
    guard let count = ShellSettings.byteCount(argument) else { return nil }
    self.count = count
  }
}

extension OutputFormat: ExpressibleByArgument {}
