//! What will it cost? `cargo run --example estimate`

use std::error::Error;

use scrip::{
    Conversions, Credits, EstimateOptions, OutputTokens, PipelineStep, PriceBook, TextLength, Timestamp, Usage,
};

fn main() -> Result<(), Box<dyn Error>> {
    let book = PriceBook::builtin();
    // The core reads no clock: the caller says whose prices are meant.
    let mut options = EstimateOptions::at(Timestamp::from_millis(1_793_491_200_000)?);

    // One call, before it is made: the text's tokens are a guess, and the answer's length is not known.
    let question = TextLength::of("Explain compound interest to a ten-year-old in three sentences.")?;
    options.output_tokens = Some(OutputTokens { expected: "90".parse()?, max: Some("200".parse()?) });
    let before = book.estimate("openai/gpt-4", &Usage { text: Some(question), ..Usage::default() }, &options)?;
    println!("GPT-4 answers a question: {} credits", before.total);
    println!("  at least {}, at most {}", before.low, before.high.map_or("?".to_owned(), |high| high.to_string()));
    for assumption in &before.assumptions {
        println!("  {assumption}");
    }

    // An hour of a conference, heard, translated and spoken again, with a margin of 20 %.
    options.margin = "0.20".parse()?;
    let hour = Usage { minutes: Some("60".parse()?), ..Usage::default() };
    let step = |model: &str, usage| PipelineStep { model: model.to_owned(), usage, output_tokens: None };
    let steps =
        [step("aws/transcribe", Some(hour)), step("azure/translate", None), step("google/text-to-speech", None)];
    let dubbed = book.pipeline(&steps, &options)?.estimate;
    println!("An hour of a conference, dubbed: {} credits, {} of them margin", dubbed.total, dubbed.margin);
    for line in &dubbed.lines {
        println!("  {}: {} {}s, {} credits", line.model, line.quantity, line.unit.name(), line.amount);
    }

    // What does one credit buy?
    for bought in book.afford(Credits::ONE, "aws/transcribe", options.at, &Conversions::default())? {
        println!("One credit buys {} {}s of {}", bought.quantity, bought.unit.name(), bought.model);
    }
    Ok(())
}
