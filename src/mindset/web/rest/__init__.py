"""The thread over HTTP as plain resources: made from the models, the declared acts, and what a person may see."""
