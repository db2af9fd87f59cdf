namespace Interp.Studies.Ioi;

/// <summary>
/// Names, places, things and sentences. The sentences have the form of the 15 templates of Wang et al. 2022 in other
/// words: two names, a place, the giver's name again, a thing.
/// </summary>
internal static class IoiWords
{
    internal static string[] Names { get; } =
    [
        "Mary", "Anna", "Emma", "Lucy", "Kate", "Jane", "Rose", "Ruth", "Alice", "Clara", "Laura", "Helen",
        "Susan", "Lisa", "Grace", "Sarah",
        "Amy", "Linda", "Maria", "Karen", "Nancy", "Carol", "Diana", "Julia", "Rachel", "Jessica", "Emily",
        "Michelle", "Amanda", "Melissa",
        "John", "Tom", "James", "Peter", "Paul", "Mark", "David", "Daniel", "Simon", "Adam", "Henry", "George",
        "Jack", "Sam", "Max", "Robert",
        "Michael", "William", "Richard", "Thomas", "Charles", "Kevin", "Brian", "Edward", "Ryan", "Jason",
        "Jeff", "Eric", "Scott", "Andrew",
        "Frank", "Harry", "Luke", "Oliver", "Walter", "Arthur", "Noah", "Leo", "Ben", "Alex",
    ];

    internal static string[] Places { get; } =
    [
        "shop", "park", "school", "garden", "beach", "market", "river", "station", "library", "hospital",
        "office", "house", "museum", "bakery", "lake",
    ];

    internal static string[] Things { get; } =
    [
        "drink", "book", "ball", "cake", "key", "letter", "lamp", "ring", "cup", "hat", "kiss", "computer",
        "snack", "coin", "map",
    ];

    internal static string[] Templates { get; } =
    [
        "When {A} and {B} went to the {place}, {S} gave a {thing} to",
        "After {A} and {B} met at the {place}, {S} offered a {thing} to",
        "While {A} and {B} were at the {place}, {S} handed a {thing} to",
        "One day {A} and {B} walked to the {place}. {S} gave a {thing} to",
        "Then {A} and {B} had a long talk at the {place}. After that {S} brought a {thing} to",
        "In the morning {A} and {B} were at the {place}, and then {S} gave a {thing} to",
        "When {A} and {B} got to the {place}, {S} passed a {thing} to",
        "After {A} and {B} went to the {place}, {S} sold a {thing} to",
        "While {A} and {B} worked at the {place}, {S} showed a {thing} to",
        "One day {A} and {B} sat at the {place}, and {S} lent a {thing} to",
        "Last week {A} and {B} spent an hour at the {place}, and {S} decided to give a {thing} to",
        "Although {A} and {B} had argued at the {place}, {S} still brought a {thing} to",
        "As {A} and {B} were waiting near the {place}, {S} threw a {thing} to",
        "Before {A} and {B} left the {place}, {S} gave a {thing} to",
        "Today {A} and {B} found a {thing} at the {place}, and {S} gave it to",
    ];
}
