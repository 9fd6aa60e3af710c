/// The files in which AWS programs keep profiles: `~/.aws/credentials` and `~/.aws/config`.
///
///     [profile lake]
///     region = eu-central-1
///     s3 =
///       addressing_style = path
///
/// - Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".
struct ProfileFile: Sendable {
  /// One section: `s3.addressing_style` is the name of a nested setting.
  typealias Section = [String: String]

  /// By name; those of the configuration file are called `profile x`, `services y` and `default`.
  private(set) var sections: [String: Section] = [:]

  init(_ text: String) {
    var section: String?
    var group: String?
    for line in text.split(whereSeparator: \.isNewline) {
      let content = line.trimmingSpaces
      guard let first = content.first, first != "#", first != ";" else { continue }
      if first == "[" {
        guard let end = content.firstIndex(of: "]") else { continue }
        let words = content[content.index(after: content.startIndex)..<end]
          .split { $0 == " " || $0 == "\t" }
        section = words.joined(separator: " ")
        group = nil
        continue
      }
      guard let section, let equals = content.firstIndex(of: "=") else { continue }
      let name = content[..<equals].trimmingSpaces.lowercased()
      let value = String(content[content.index(after: equals)...].trimmingSpaces)
      if let group, line.first == " " || line.first == "\t" {
        sections[section, default: [:]]["\(group).\(name)"] = value
      } else {
        group = value.isEmpty ? name : nil
        sections[section, default: [:]][name] = value
      }
    }
  }
}

/// A profile: what both files say under its name.
struct Profile: Sendable {
  var name: String
  /// Whether someone asked for it by name, so that its absence is a mistake.
  var isNamed: Bool
  /// Nil if no file has it.
  var section: ProfileFile.Section?
  /// The endpoint for S3 of the `services` that it names.
  var servicesEndpoint: String?
  /// The paths of both files, for errors.
  var files: String

  /// - Parameter name: nil for that of the environment.
  init(named name: String?, in environment: ProcessEnvironment) {
    let chosen = name ?? environment.variable("AWS_PROFILE")
    self.name = chosen ?? "default"
    isNamed = chosen != nil
    let home = environment.variable("HOME") ?? ""
    let credentialsPath =
      environment.variable("AWS_SHARED_CREDENTIALS_FILE") ?? home + "/.aws/credentials"
    let configurationPath = environment.variable("AWS_CONFIG_FILE") ?? home + "/.aws/config"
    files = "\(credentialsPath), \(configurationPath)"
    let credentials = ProfileFile(environment.text(credentialsPath) ?? "").sections
    let configuration = ProfileFile(environment.text(configurationPath) ?? "").sections
    let keys = credentials[self.name]
    let settings =
      configuration["profile \(self.name)"]
      ?? (self.name == "default" ? configuration["default"] : nil)
    if keys != nil || settings != nil {
      section = (settings ?? [:]).merging(keys ?? [:]) { $1 }
    }
    servicesEndpoint = section?["services"]
      .flatMap { configuration["services \($0)"]?["s3.endpoint_url"] }
  }

  /// Returns a setting; nil if it is missing or empty.
  subscript(setting: String) -> String? {
    guard let value = section?[setting], !value.isEmpty else { return nil }
    return value
  }

  /// As the SDKs choose: of the service, then of all services.
  var endpoint: String? { servicesEndpoint ?? self["s3.endpoint_url"] ?? self["endpoint_url"] }
}
