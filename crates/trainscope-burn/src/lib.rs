//! Trainscope for Burn: a Keras-style Sequential with callbacks, and the bundle for Burn's own learner.
