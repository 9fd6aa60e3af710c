import ApusValues

// Shapes as GeoJSON (RFC 7946), written and read as the library JTS does, which Trino uses: rings turn
// with the clock, numbers have eight digits behind the point, and the reference system is named.

extension Geometry {
  /// `{"type":"Point","coordinates":[1,2],"crs":{…}}`
  var geoJSON: String {
    switch self {
    case .point(nil), .lineString([]): return "{\(json(of: self))}"
    default:
      let system = #""crs":{"type":"name","properties":{"name":"EPSG:0"}}"#
      return "{\(json(of: reversed)),\(system)}"
    }
  }

  private func json(of geometry: Geometry) -> String {
    let coordinates: String
    switch geometry {
    case .point(let coordinate): coordinates = coordinate.map(json) ?? "[]"
    case .lineString(let line): coordinates = json(line)
    case .multiPoint(let points): coordinates = json(points)
    case .polygon(let rings): coordinates = rings.isEmpty ? "[[]]" : json(rings)
    case .multiLineString(let lines): coordinates = json(lines)
    case .multiPolygon(let polygons):
      coordinates = "[" + polygons.map(json).joined(separator: ",") + "]"
    case .collection(let parts):
      let texts = parts.map { "{\(json(of: $0))}" }
      return #""type":"GeometryCollection","geometries":["# + texts.joined(separator: ",") + "]"
    }
    return "\"type\":\"\(geometry.kind.name)\",\"coordinates\":\(coordinates)"
  }

  private func json(_ paths: [[Coordinate]]) -> String {
    "[" + paths.map(json).joined(separator: ",") + "]"
  }

  private func json(_ path: [Coordinate]) -> String {
    "[" + path.map(json).joined(separator: ",") + "]"
  }

  private func json(_ coordinate: Coordinate) -> String {
    "[\(number(coordinate.x)),\(number(coordinate.y))]"
  }

  private func number(_ value: Double) -> String {
    guard value.magnitude >= 1e-3, value < 1e7 else {
      return floatingPointText(value, shortest: value.description)
    }
    let rounded = (value * 1e8 + 0.5).rounded(.down) / 1e8
    if let whole = Int64(exactly: rounded) { return String(whole) }
    return floatingPointText(rounded, shortest: rounded.description)
  }
}

extension Geometry {
  /// Reads GeoJSON: a geometry, a feature or a collection of either.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT for what is none.
  init(geoJSON text: UnsafeRawBufferPointer) throws(SQLError) {
    let node: GeoJSONNode
    do throws(JSONFailure) {
      var reader = JSONReader(text)
      try reader.next()
      node = try GeoJSONNode(&reader)
      guard try reader.next() == .end else { throw .malformed }
    } catch {
      throw Geometry.invalid("Text is no JSON")
    }
    self = try Geometry(node, depth: 0).normalized
  }

  private static func invalid(_ problem: String) -> SQLError {
    invalidArgument("Invalid GeoJSON: \(problem)")
  }

  private static let depthLimit = 64

  private init(_ node: GeoJSONNode, depth: Int) throws(SQLError) {
    guard depth <= Geometry.depthLimit, case .text(let type)? = node["type"] else {
      throw Geometry.invalid(
        "Could not parse Geometry from Json string.  No 'type' property found."
      )
    }
    let coordinates = node["coordinates"]?.elements ?? []
    switch type {
    case "Point":
      self = .point(coordinates.isEmpty ? nil : try Geometry.coordinate(coordinates))
    case "LineString": self = .lineString(try Geometry.path(coordinates))
    case "MultiPoint": self = .multiPoint(try Geometry.path(coordinates))
    case "Polygon": self = .polygon(try Geometry.paths(coordinates))
    case "MultiLineString": self = .multiLineString(try Geometry.paths(coordinates))
    case "MultiPolygon":
      var polygons: [[[Coordinate]]] = []
      for polygon in coordinates { polygons.append(try Geometry.paths(polygon.elements)) }
      self = .multiPolygon(polygons)
    case "GeometryCollection":
      var parts: [Geometry] = []
      for part in node["geometries"]?.elements ?? [] {
        parts.append(try Geometry(part, depth: depth + 1))
      }
      self = .collection(parts)
    case "Feature":
      guard case .object? = node["geometry"], let geometry = node["geometry"] else {
        throw Geometry.invalid("Could not parse Feature from GeoJson string.")
      }
      self = try Geometry(geometry, depth: depth + 1)
    case "FeatureCollection":
      var parts: [Geometry] = []
      for feature in node["features"]?.elements ?? [] {
        parts.append(try Geometry(feature, depth: depth + 1))
      }
      self = .collection(parts)
    default:
      throw Geometry.invalid(
        "Could not parse Geometry from GeoJson string.  Unsupported 'type':\(type)"
      )
    }
  }

  private static func coordinate(_ numbers: [GeoJSONNode]) throws(SQLError) -> Coordinate {
    guard numbers.count >= 2, case .number(let x) = numbers[0], case .number(let y) = numbers[1]
    else { throw invalid("Could not parse coordinates.") }
    return Coordinate(x, y)
  }

  private static func path(_ nodes: [GeoJSONNode]) throws(SQLError) -> [Coordinate] {
    var path: [Coordinate] = []
    for node in nodes { path.append(try coordinate(node.elements)) }
    return path
  }

  private static func paths(_ nodes: [GeoJSONNode]) throws(SQLError) -> [[Coordinate]] {
    var paths: [[Coordinate]] = []
    for node in nodes { paths.append(try path(node.elements)) }
    return paths
  }
}

/// As much of a JSON document as a geometry is made of.
private indirect enum GeoJSONNode {
  case object([(name: String, value: GeoJSONNode)])
  case array([GeoJSONNode])
  case text(String)
  case number(Double)
  case other

  /// Reads the value that the reader's last token begins.
  init(_ reader: inout JSONReader) throws(JSONFailure) {
    switch reader.token {
    case .beginObject:
      var members: [(name: String, value: GeoJSONNode)] = []
      while try reader.next() == .name {
        let name = String(decoding: reader.bytes, as: UTF8.self)
        try reader.next()
        members.append((name, try GeoJSONNode(&reader)))
      }
      self = .object(members)
    case .beginArray:
      var elements: [GeoJSONNode] = []
      while try reader.next() != .endArray { elements.append(try GeoJSONNode(&reader)) }
      self = .array(elements)
    case .string:
      self = .text(String(decoding: reader.bytes, as: UTF8.self))
    case .integer, .decimal:
      self = Double(String(decoding: reader.bytes, as: UTF8.self)).map { .number($0) } ?? .other
    case .true, .false, .null:
      self = .other
    case .endObject, .endArray, .name, .end:
      throw .malformed
    }
  }

  subscript(name: String) -> GeoJSONNode? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  var elements: [GeoJSONNode] {
    if case .array(let elements) = self { elements } else { [] }
  }
}
