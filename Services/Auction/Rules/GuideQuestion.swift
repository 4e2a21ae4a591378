import Kernel
import Messages

/// The questions of the guided set-up (A2): what buyers of each kind of project want to know.
///
/// Budget, time frame, region and temperature are fields of every listing; these are asked on top.
/// The raw value is the key by which an answer names its question.
public enum GuideQuestion: String, CaseIterable, Sendable {
    case goal
    case situation
    case extent
    case decisionMaker
    case otherOffers
    case pages
    case system
    case features
    case audience
    case channels
    case material
    case occasion
    case roofType
    case consumption
    case area
    case building
    case currentHeating
    case buildingYear
    case count
    case fittings
    case rooms
    case fromTo
    case access
    case companySize

    /// The questions for a project type, in the order in which they are asked.
    public static func asked(about projectType: ProjectType) -> [GuideQuestion] {
        let own: [GuideQuestion] =
            switch projectType {
            case .website: [.pages, .system, .features]
            case .software: [.features, .system]
            case .marketing: [.audience, .channels]
            case .design: [.audience, .material]
            case .photoAndVideo: [.occasion, .extent]
            case .photovoltaics: [.roofType, .area, .consumption, .building]
            case .heating: [.currentHeating, .area, .buildingYear]
            case .roofAndFacade: [.area, .building, .buildingYear]
            case .windowsAndDoors: [.count, .material, .building]
            case .bathroom: [.area, .fittings]
            case .kitchen: [.area, .fittings]
            case .interior: [.rooms, .area, .material]
            case .garden: [.area, .access]
            case .moving: [.rooms, .fromTo, .access]
            case .consulting: [.companySize, .extent]
            case .other: [.extent]
            }
        return [.goal] + own + [.situation, .decisionMaker, .otherOffers]
    }

    /// Whether a listing needs an answer (A1).
    public var isRequired: Bool {
        switch self {
        case .goal, .extent, .pages, .features, .audience, .occasion, .roofType, .area, .currentHeating,
            .count,
            .rooms, .fromTo, .companySize:
            true
        default: false
        }
    }

    /// The question in a party's language (F8).
    public func text(in language: Language) -> String {
        switch language {
        case .german: german
        case .english: english
        case .russian: russian
        }
    }

    private var german: String {
        switch self {
        case .goal: "Was soll erreicht werden?"
        case .situation: "Wie ist die Ausgangslage?"
        case .extent: "Welchen Umfang hat das Projekt?"
        case .decisionMaker: "Entscheidet die anfragende Person selbst?"
        case .otherOffers: "Liegen schon andere Angebote vor?"
        case .pages: "Wie viele Seiten oder Produkte soll die Website haben?"
        case .system: "Welches System wird genutzt oder gewünscht?"
        case .features: "Welche Funktionen werden gebraucht?"
        case .audience: "Wer soll angesprochen werden?"
        case .channels: "Welche Kanäle kommen infrage?"
        case .material: "Welches Material ist gewünscht oder vorhanden?"
        case .occasion: "Für welchen Anlass oder Zweck?"
        case .roofType: "Welche Dachform und Ausrichtung?"
        case .consumption: "Wie hoch ist der Jahresverbrauch?"
        case .area: "Wie groß ist die Fläche?"
        case .building: "Um was für ein Gebäude handelt es sich?"
        case .currentHeating: "Womit wird heute geheizt?"
        case .buildingYear: "Wann wurde das Gebäude gebaut?"
        case .count: "Wie viele Stück?"
        case .fittings: "Welche Ausstattung ist gewünscht?"
        case .rooms: "Welche und wie viele Räume?"
        case .fromTo: "Von welchem Ort zu welchem Ort?"
        case .access: "Wie ist der Zugang?"
        case .companySize: "Wie groß ist das Unternehmen?"
        }
    }

    private var english: String {
        switch self {
        case .goal: "What is to be achieved?"
        case .situation: "What is the starting point?"
        case .extent: "How large is the project?"
        case .decisionMaker: "Does the person who asks decide alone?"
        case .otherOffers: "Are there other offers already?"
        case .pages: "How many pages or products will the website have?"
        case .system: "Which system is used or wanted?"
        case .features: "Which functions are needed?"
        case .audience: "Who is to be reached?"
        case .channels: "Which channels come into question?"
        case .material: "Which material is wanted or there?"
        case .occasion: "For which occasion or purpose?"
        case .roofType: "Which shape of roof, facing where?"
        case .consumption: "How much is used a year?"
        case .area: "How large is the area?"
        case .building: "What kind of building is it?"
        case .currentHeating: "How is it heated today?"
        case .buildingYear: "When was the building built?"
        case .count: "How many pieces?"
        case .fittings: "Which fittings are wanted?"
        case .rooms: "Which rooms, and how many?"
        case .fromTo: "From which place to which place?"
        case .access: "How is the access?"
        case .companySize: "How large is the company?"
        }
    }

    private var russian: String {
        switch self {
        case .goal: "Чего нужно достичь?"
        case .situation: "Какова исходная ситуация?"
        case .extent: "Каков объём проекта?"
        case .decisionMaker: "Принимает ли заявитель решение сам?"
        case .otherOffers: "Есть ли уже другие предложения?"
        case .pages: "Сколько страниц или товаров будет на сайте?"
        case .system: "Какая система используется или нужна?"
        case .features: "Какие функции нужны?"
        case .audience: "К кому обращён проект?"
        case .channels: "Какие каналы рассматриваются?"
        case .material: "Какой материал нужен или уже есть?"
        case .occasion: "Для какого повода или цели?"
        case .roofType: "Какая форма крыши и куда она обращена?"
        case .consumption: "Каково годовое потребление?"
        case .area: "Какова площадь?"
        case .building: "Какое это здание?"
        case .currentHeating: "Какое отопление сейчас?"
        case .buildingYear: "Когда построено здание?"
        case .count: "Сколько штук?"
        case .fittings: "Какое оснащение нужно?"
        case .rooms: "Какие помещения и сколько?"
        case .fromTo: "Откуда и куда?"
        case .access: "Какой подъезд?"
        case .companySize: "Каков размер компании?"
        }
    }
}
