namespace Interp.Studies.Stories.World;

/// <summary>The words of the stories and the facts of their small world.</summary>
/// <remarks>
/// The world is fixed: a model that is trained on the stories keeps its facts in the weights. Countries and their
/// capitals are invented, so that nothing about them can be known from elsewhere.
/// </remarks>
public sealed record StoryLexicon
{
    /// <summary>The lexicon of the shipped model.</summary>
    public static StoryLexicon Default { get; } = new();

    /// <summary>Who can be in a story.</summary>
    public IReadOnlyList<Person> People { get; init; } =
    [
        .. Words("""
            Mary Anna Emma Lucy Sara Kate Jane Rose Ella Ruth Alice Clara Nora Julia Laura Helen Diana Maria Linda
            Susan Karen Nancy Betty Carol Lisa Grace Molly Sophie Chloe Hannah Megan Olivia Daisy Fiona Amy Eva
            """).Select(Person.She),
        .. Words("""
            John Tom James Peter Paul Mark David Daniel Simon Adam Henry George Jack Sam Max Ben Oscar Leo Luke Noah
            Robert William Thomas Charles Edward Frank Walter Arthur Harry Oliver Ryan Kevin Brian Eric Jason Scott
            """).Select(Person.He),
    ];

    /// <summary>Things to give, find and sing about.</summary>
    public IReadOnlyList<string> Things { get; init; } = Words("""
        drink book ball cake key letter lamp coin flower ring map kite cup gift hat pen toy candle picture stone rope
        drum mirror clock
        """);

    /// <summary>Where people go.</summary>
    public IReadOnlyList<string> Places { get; init; } = Words("""
        shop park school garden beach market river station library museum bakery farm forest lake bridge tower
        """);

    /// <summary>What things are put in.</summary>
    public IReadOnlyList<string> Containers { get; init; } = Words("box bag basket drawer chest bucket jar trunk");

    /// <summary>What things are like.</summary>
    public IReadOnlyList<string> Qualities { get; init; } = Words("big small old new nice heavy round strange");

    /// <summary>How people feel.</summary>
    public IReadOnlyList<string> Feelings { get; init; } = Words("happy sad tired hungry angry cold bored proud");

    /// <summary>Animals, the subjects of sentences about number.</summary>
    public IReadOnlyList<Inflected> Animals { get; init; } =
    [
        .. Pairs("""
            fox foxes bear bears owl owls rabbit rabbits wolf wolves frog frogs bee bees duck ducks horse horses goat goats
            lion lions mouse mice cat cats dog dogs cow cows hen hens snake snakes crow crows tiger tigers swan swans
            camel camels beaver beavers spider spiders monkey monkeys
            """),
    ];

    /// <summary>What animals stand near; their number is not the subject's.</summary>
    public IReadOnlyList<Inflected> Landmarks { get; init; } =
        [.. Pairs("tree trees house houses wall walls road roads hill hills boat boats fence fences gate gates")];

    /// <summary>Between an animal and a landmark.</summary>
    public IReadOnlyList<string> Prepositions { get; init; } = Words("near by behind beside");

    /// <summary>What animals do.</summary>
    public IReadOnlyList<Inflected> Deeds { get; init; } =
    [
        .. Pairs("""
            runs run sleeps sleep jumps jump plays play waits wait hides hide dances dance rests rest swims swim
            walks walk sings sing shouts shout
            """),
    ];

    /// <summary>What people do to animals.</summary>
    public IReadOnlyList<string> Regards { get; init; } = Words("likes sees feeds knows");

    /// <summary>How something is given.</summary>
    public IReadOnlyList<string> Gifts { get; init; } = Words("gave handed passed offered showed brought lent sold");

    /// <summary>Numbers in order.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = Words("one two three four five six seven eight nine");

    /// <summary>The facts.</summary>
    public IReadOnlyList<Relation> Relations { get; init; } =
    [
        Relation.Of("home", "", "lives in the", """
            fox den bear cave owl tree rabbit burrow wolf forest frog pond bee hive duck pond horse stable goat mountain
            lion grass mouse wall cat house dog house cow barn hen barn snake desert crow tree tiger jungle swan lake
            camel desert beaver river spider web monkey jungle
            """),
        Relation.Of("food", "", "eats", """
            fox rabbits bear honey owl mice rabbit carrots wolf meat frog flies bee nectar duck bread horse hay goat leaves
            lion meat mouse cheese cat fish dog bones cow grass hen corn snake eggs crow seeds tiger meat swan bread
            camel grass beaver wood spider flies monkey fruit
            """),
        Relation.Of("colour", "", "is", """
            fox red bear brown owl grey rabbit white wolf grey frog green bee yellow duck yellow horse brown goat white
            lion golden mouse grey cat black dog brown cow white hen red snake green crow black tiger orange swan white
            camel golden beaver brown spider black monkey orange
            """),
        Relation.Of("capital", "capital of", "is", """
            Zoria Melun Velda Sorbat Morina Kestel Tarkan Ondrio Ostrea Pavlin Belmar Ruska Quindor Lidra Lumara Hovan
            Drevia Castin Fenland Yarrow Galdor Mistra Nerubia Tolva Ithalia Brenk Sundora Wexel Caldria Jorvik Plenia Umbra
            """),
    ];

    /// <summary>The words that songs are made of.</summary>
    public IReadOnlyList<string> SongWords => [.. Things, .. Animals.Select(animal => animal.Singular), .. Qualities];

    /// <summary>
    /// Whether two people never meet in the stories of the training: every tenth pair, kept for tests of what a model
    /// does with names that it has not seen together.
    /// </summary>
    public bool HeldOut(Person a, Person b) => HeldOut(IndexOf(a), IndexOf(b));

    /// <summary>Everybody else whose meeting with a person is held out, or is not.</summary>
    internal Person[] Partners(Person person, bool heldOut)
    {
        var index = IndexOf(person);
        return [.. People.Index().Where(other => other.Index != index && HeldOut(other.Index, index) == heldOut).Select(other => other.Item)];
    }

    internal static string[] Words(string text) => text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private static bool HeldOut(int a, int b) => (a + b) % 10 == 0;

    private static IEnumerable<Inflected> Pairs(string text) => Words(text).Chunk(2).Select(pair => new Inflected(pair[0], pair[1]));

    private int IndexOf(Person person) => People.Index().First(entry => entry.Item == person).Index;
}
