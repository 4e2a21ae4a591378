import Wire

@main struct Program {
    static func main() {}
}
