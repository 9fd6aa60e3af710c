import ApusStorage

/// How the catalog's file has places: those below the warehouse's directory relative to it, so that
/// a warehouse can be moved or mounted elsewhere with its catalog.
struct CatalogPlaces: Sendable {
  /// Nil if all places are kept as they are.
  var root: ObjectPath?

  private static let prefix = "warehouse:"

  /// Returns the text that the file has for a place.
  func stored(_ place: ObjectPath) -> String {
    guard let root, place.isWithin(root) else { return place.text }
    return CatalogPlaces.prefix + rest(of: place.text, after: root.asDirectory.text)
  }

  /// Returns the place that a text of the file stands for.
  func resolved(_ text: String) -> ObjectPath {
    guard let root, text.hasPrefix(CatalogPlaces.prefix) else { return ObjectPath(text) }
    return ObjectPath(root.asDirectory.text + rest(of: text, after: CatalogPlaces.prefix))
  }

  /// The directory of a file on disk.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func rest(of text: String, after beginning: String) -> String {
    String(decoding: text.utf8.dropFirst(beginning.utf8.count), as: UTF8.self)
  }
}
