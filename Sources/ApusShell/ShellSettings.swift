package import Apus

/// What a run of the shell was told, by flags, environment and file.
package struct ShellSettings: Sendable, Equatable {
  package var warehouse: String?
  /// The catalog's file.
  package var catalog: String?
  /// Which profile of the AWS configuration files has the keys of a prefix such as `s3://gold/`.
  package var profiles: [S3ProfileChoice]?
  package var format: OutputFormat?
  package var threads: Int?
  /// Bytes.
  package var memoryLimit: Int?
  package var temporaryDirectory: String?
  package var timing: Bool?

  package init() {}

  /// Returns these settings with gaps filled from others.
  package func over(_ other: ShellSettings) -> ShellSettings {
    var result = self
    result.warehouse = warehouse ?? other.warehouse
    result.catalog = catalog ?? other.catalog
    result.profiles = profiles ?? other.profiles
    result.format = format ?? other.format
    result.threads = threads ?? other.threads
    result.memoryLimit = memoryLimit ?? other.memoryLimit
    result.temporaryDirectory = temporaryDirectory ?? other.temporaryDirectory
    result.timing = timing ?? other.timing
    return result
  }

  /// The engine that they ask for.
  package var engineConfiguration: EngineConfiguration {
    EngineConfiguration(
      warehouse: warehouse ?? "warehouse",
      catalog: catalog,
      profiles: profiles ?? [],
      threadCount: threads,
      memoryLimit: memoryLimit,
      temporaryDirectory: temporaryDirectory
    )
  }
}

extension ShellSettings {
  /// Reads a size such as `2GB`; nil if it is none, or nothing.
  package static func byteCount(_ text: String) -> Int? {
    parseByteCount(text).flatMap { $0 > 0 ? $0 : nil }
  }
}

/// What is wrong in a configuration file, in words.
package struct ConfigurationError: Error, Equatable {
  package var message: String
}

extension ShellSettings {
  /// Reads a configuration: lines of `key = value`, a subset of TOML.
  ///
  ///     # comments and empty lines are left out
  ///     warehouse = "/data/lake"
  ///     memory-limit = "2GB"
  ///     threads = 4
  ///     timing = true
  ///
  /// Keys are the long flags without their dashes. Values are strings in double quotes (escapes
  /// `\"`, `\\`, `\n`, `\t`) or in single quotes (as they are), integers, `true` and `false`.
  /// Tables, arrays and keys that are no flags are errors, as is a key that comes twice.
  package init(configuration text: String, name: String) throws(ConfigurationError) {
    self.init()
    var seen: Set<String> = []
    for (index, rawLine) in text.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let line = trimmed(rawLine)
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      do throws(ConfigurationError) {
        guard let equals = line.firstIndex(of: "=") else {
          throw ConfigurationError(message: "expected key = value")
        }
        let key = trimmed(line[..<equals])
        let value = try ConfigurationValue(trimmed(line[line.index(after: equals)...]))
        guard seen.insert(String(key)).inserted else {
          throw ConfigurationError(message: "'\(key)' stands here twice")
        }
        try set(String(key), value)
      } catch {
        throw ConfigurationError(message: "\(name):\(index + 1): \(error.message)")
      }
    }
  }

  private mutating func set(_ key: String, _ value: ConfigurationValue)
    throws(ConfigurationError)
  {
    switch (key, value) {
    case ("warehouse", .string(let text)):
      warehouse = text
    case ("catalog", .string(let text)):
      catalog = text
    case ("s3-profiles", .string(let text)):
      profiles = try text.split(separator: ",").map { part throws(ConfigurationError) in
        guard let choice = S3ProfileChoice(String(trimmed(part))) else {
          throw ConfigurationError(message: S3ProfileChoice.shape)
        }
        return choice
      }
    case ("format", .string(let text)):
      guard let format = OutputFormat(rawValue: text) else {
        throw ConfigurationError(
          message: "no format is called '\(text)'; there are \(OutputFormat.names)"
        )
      }
      self.format = format
    case ("threads", .integer(let count)):
      guard (1...256).contains(count) else {
        throw ConfigurationError(message: "threads must be 1 to 256")
      }
      threads = count
    case ("memory-limit", .string(let text)):
      guard let count = parseByteCount(text), count > 0 else {
        throw ConfigurationError(message: "'\(text)' is no size such as \"2GB\"")
      }
      memoryLimit = count
    case ("temporary-directory", .string(let text)):
      temporaryDirectory = text
    case ("timing", .boolean(let flag)):
      timing = flag
    case ("warehouse", _), ("catalog", _), ("s3-profiles", _), ("format", _), ("memory-limit", _),
      ("temporary-directory", _):
      throw ConfigurationError(message: "\(key) must be a string in quotes")
    case ("threads", _):
      throw ConfigurationError(message: "threads must be an integer")
    case ("timing", _):
      throw ConfigurationError(message: "timing must be true or false")
    default:
      throw ConfigurationError(
        message: "no setting is called '\(key)'; there are warehouse, catalog, s3-profiles, "
          + "format, threads, memory-limit, temporary-directory, timing"
      )
    }
  }
}

/// A value of a configuration file.
private enum ConfigurationValue: Equatable {
  case string(String)
  case integer(Int)
  case boolean(Bool)

  init(_ text: Substring) throws(ConfigurationError) {
    if text.first == "\"" || text.first == "'" {
      self = .string(try ConfigurationValue.string(text))
      return
    }
    let bare = trimmed(text.prefix { $0 != "#" })
    if bare == "true" || bare == "false" {
      self = .boolean(bare == "true")
    } else if let number = Int(bare.filter { $0 != "_" }) {
      self = .integer(number)
    } else {
      throw ConfigurationError(
        message: "expected a string in quotes, an integer, true or false"
      )
    }
  }

  private static func string(_ text: Substring) throws(ConfigurationError) -> String {
    guard let quote = text.first else { return "" }
    var result = ""
    var index = text.index(after: text.startIndex)
    while index < text.endIndex, text[index] != quote {
      if text[index] == "\\", quote == "\"" {
        index = text.index(after: index)
        guard index < text.endIndex else { break }
        switch text[index] {
        case "n": result.append("\n")
        case "t": result.append("\t")
        case "\"", "\\": result.append(text[index])
        default:
          throw ConfigurationError(message: "unknown escape '\\\(text[index])'")
        }
      } else {
        result.append(text[index])
      }
      index = text.index(after: index)
    }
    guard index < text.endIndex else {
      throw ConfigurationError(message: "the quote is not closed")
    }
    let rest = trimmed(text[text.index(after: index)...])
    guard rest.isEmpty || rest.hasPrefix("#") else {
      throw ConfigurationError(message: "nothing may follow the value")
    }
    return result
  }
}
