import Foundation
import SwiftProtobuf

// The same messages as protoc's plugin for Swift writes them, written by hand so that nobody needs protoc:
//
//     message Money { sint64 minor = 1; uint32 currency = 2; }
//     message Ping { bytes payload = 1; }
//     message PlaceBid { uint64 listing = 1; Money amount = 2; }
//     message CreditManually { uint64 party = 1; Money amount = 2; string reason = 3; }
//     message ListingEntry {
//         uint64 listing = 1; uint32 project_type = 2; string title = 3; string region = 4; Money budget = 5;
//         uint32 temperature = 6; Money price = 7; uint32 bids = 8; int64 ends_at = 9;
//     }
//     message ListingPage { repeated ListingEntry listings = 1; bool more = 2; }

struct ProtobufMoney: Sendable {
    var minor: Int64 = 0
    var currency: UInt32 = 0
    var unknownFields = UnknownStorage()
}

extension ProtobufMoney: SwiftProtobuf.Message, _MessageImplementationBase {
    static let protoMessageName = "Money"

    mutating func decodeMessage<D: SwiftProtobuf.Decoder>(decoder: inout D) throws {
        while let fieldNumber = try decoder.nextFieldNumber() {
            switch fieldNumber {
            case 1: try decoder.decodeSingularSInt64Field(value: &minor)
            case 2: try decoder.decodeSingularUInt32Field(value: &currency)
            default: break
            }
        }
    }

    func traverse<V: Visitor>(visitor: inout V) throws {
        if minor != 0 { try visitor.visitSingularSInt64Field(value: minor, fieldNumber: 1) }
        if currency != 0 { try visitor.visitSingularUInt32Field(value: currency, fieldNumber: 2) }
        try unknownFields.traverse(visitor: &visitor)
    }
}

struct ProtobufPing: Sendable {
    var payload = Data()
    var unknownFields = UnknownStorage()
}

extension ProtobufPing: SwiftProtobuf.Message, _MessageImplementationBase {
    static let protoMessageName = "Ping"

    mutating func decodeMessage<D: SwiftProtobuf.Decoder>(decoder: inout D) throws {
        while let fieldNumber = try decoder.nextFieldNumber() {
            switch fieldNumber {
            case 1: try decoder.decodeSingularBytesField(value: &payload)
            default: break
            }
        }
    }

    func traverse<V: Visitor>(visitor: inout V) throws {
        if !payload.isEmpty { try visitor.visitSingularBytesField(value: payload, fieldNumber: 1) }
        try unknownFields.traverse(visitor: &visitor)
    }
}

struct ProtobufPlaceBid: Sendable {
    var listing: UInt64 = 0
    var amount: ProtobufMoney?
    var unknownFields = UnknownStorage()
}

extension ProtobufPlaceBid: SwiftProtobuf.Message, _MessageImplementationBase {
    static let protoMessageName = "PlaceBid"

    mutating func decodeMessage<D: SwiftProtobuf.Decoder>(decoder: inout D) throws {
        while let fieldNumber = try decoder.nextFieldNumber() {
            switch fieldNumber {
            case 1: try decoder.decodeSingularUInt64Field(value: &listing)
            case 2: try decoder.decodeSingularMessageField(value: &amount)
            default: break
            }
        }
    }

    func traverse<V: Visitor>(visitor: inout V) throws {
        if listing != 0 { try visitor.visitSingularUInt64Field(value: listing, fieldNumber: 1) }
        if let amount { try visitor.visitSingularMessageField(value: amount, fieldNumber: 2) }
        try unknownFields.traverse(visitor: &visitor)
    }
}

struct ProtobufCreditManually: Sendable {
    var party: UInt64 = 0
    var amount: ProtobufMoney?
    var reason = ""
    var unknownFields = UnknownStorage()
}

extension ProtobufCreditManually: SwiftProtobuf.Message, _MessageImplementationBase {
    static let protoMessageName = "CreditManually"

    mutating func decodeMessage<D: SwiftProtobuf.Decoder>(decoder: inout D) throws {
        while let fieldNumber = try decoder.nextFieldNumber() {
            switch fieldNumber {
            case 1: try decoder.decodeSingularUInt64Field(value: &party)
            case 2: try decoder.decodeSingularMessageField(value: &amount)
            case 3: try decoder.decodeSingularStringField(value: &reason)
            default: break
            }
        }
    }

    func traverse<V: Visitor>(visitor: inout V) throws {
        if party != 0 { try visitor.visitSingularUInt64Field(value: party, fieldNumber: 1) }
        if let amount { try visitor.visitSingularMessageField(value: amount, fieldNumber: 2) }
        if !reason.isEmpty { try visitor.visitSingularStringField(value: reason, fieldNumber: 3) }
        try unknownFields.traverse(visitor: &visitor)
    }
}

struct ProtobufListingEntry: Sendable {
    var listing: UInt64 = 0
    var projectType: UInt32 = 0
    var title = ""
    var region = ""
    var budget: ProtobufMoney?
    var temperature: UInt32 = 0
    var price: ProtobufMoney?
    var bids: UInt32 = 0
    var endsAt: Int64 = 0
    var unknownFields = UnknownStorage()
}

extension ProtobufListingEntry: SwiftProtobuf.Message, _MessageImplementationBase {
    static let protoMessageName = "ListingEntry"

    mutating func decodeMessage<D: SwiftProtobuf.Decoder>(decoder: inout D) throws {
        while let fieldNumber = try decoder.nextFieldNumber() {
            switch fieldNumber {
            case 1: try decoder.decodeSingularUInt64Field(value: &listing)
            case 2: try decoder.decodeSingularUInt32Field(value: &projectType)
            case 3: try decoder.decodeSingularStringField(value: &title)
            case 4: try decoder.decodeSingularStringField(value: &region)
            case 5: try decoder.decodeSingularMessageField(value: &budget)
            case 6: try decoder.decodeSingularUInt32Field(value: &temperature)
            case 7: try decoder.decodeSingularMessageField(value: &price)
            case 8: try decoder.decodeSingularUInt32Field(value: &bids)
            case 9: try decoder.decodeSingularInt64Field(value: &endsAt)
            default: break
            }
        }
    }

    func traverse<V: Visitor>(visitor: inout V) throws {
        if listing != 0 { try visitor.visitSingularUInt64Field(value: listing, fieldNumber: 1) }
        if projectType != 0 { try visitor.visitSingularUInt32Field(value: projectType, fieldNumber: 2) }
        if !title.isEmpty { try visitor.visitSingularStringField(value: title, fieldNumber: 3) }
        if !region.isEmpty { try visitor.visitSingularStringField(value: region, fieldNumber: 4) }
        if let budget { try visitor.visitSingularMessageField(value: budget, fieldNumber: 5) }
        if temperature != 0 { try visitor.visitSingularUInt32Field(value: temperature, fieldNumber: 6) }
        if let price { try visitor.visitSingularMessageField(value: price, fieldNumber: 7) }
        if bids != 0 { try visitor.visitSingularUInt32Field(value: bids, fieldNumber: 8) }
        if endsAt != 0 { try visitor.visitSingularInt64Field(value: endsAt, fieldNumber: 9) }
        try unknownFields.traverse(visitor: &visitor)
    }
}

struct ProtobufListingPage: Sendable {
    var listings: [ProtobufListingEntry] = []
    var more = false
    var unknownFields = UnknownStorage()
}

extension ProtobufListingPage: SwiftProtobuf.Message, _MessageImplementationBase {
    static let protoMessageName = "ListingPage"

    mutating func decodeMessage<D: SwiftProtobuf.Decoder>(decoder: inout D) throws {
        while let fieldNumber = try decoder.nextFieldNumber() {
            switch fieldNumber {
            case 1: try decoder.decodeRepeatedMessageField(value: &listings)
            case 2: try decoder.decodeSingularBoolField(value: &more)
            default: break
            }
        }
    }

    func traverse<V: Visitor>(visitor: inout V) throws {
        if !listings.isEmpty { try visitor.visitRepeatedMessageField(value: listings, fieldNumber: 1) }
        if more { try visitor.visitSingularBoolField(value: more, fieldNumber: 2) }
        try unknownFields.traverse(visitor: &visitor)
    }
}
