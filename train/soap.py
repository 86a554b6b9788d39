"""SOAP (Vyas et al. 2024): Adam in the eigenbasis of Shampoo's preconditioner.

A convolution's kernel is the matrix [outputs, inputs * taps]; its two factors are at most a few hundred on a side here,
so the extra work is small beside the convolutions. It reaches Adam's validation figure in a bit over half the steps and
then passes it (docs/training.md).
"""

import torch


class Soap(torch.optim.Optimizer):
    def __init__(self, parameters, lr=3e-3, betas=(0.95, 0.97), every=20, eps=1e-8):
        """`every`: steps between two refreshes of the eigenbases."""
        super().__init__(parameters, dict(lr=lr, betas=betas, every=every, eps=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                self.update(p, group)

    def update(self, p, group):
        state = self.state[p]
        gradient = p.grad.reshape(p.shape[0], -1)
        if not state:  # the first gradient only sets up the basis
            state.update(step=0, mean=torch.zeros_like(gradient), square=torch.zeros_like(gradient))
            sides = {'left': gradient @ gradient.t(), 'right': gradient.t() @ gradient} if p.dim() > 1 else {}
            state['factors'] = sides
            state['bases'] = {side: torch.linalg.eigh(factor)[1] for side, factor in sides.items()}
            return
        b1, b2 = group['betas']
        state['step'] += 1
        state['mean'].lerp_(gradient, 1 - b1)
        turned, mean = self.turn(state, gradient), self.turn(state, state['mean'])
        state['square'].mul_(b2).addcmul_(turned, turned, value=1 - b2)
        scale = (state['square'] / (1 - b2 ** state['step'])).sqrt_().add_(group['eps'])
        change = self.turn(state, mean / (1 - b1 ** state['step']) / scale, back=True)
        p.sub_(change.view_as(p), alpha=group['lr'])
        if state['factors']:
            state['factors']['left'].lerp_(gradient @ gradient.t(), 1 - b2)
            state['factors']['right'].lerp_(gradient.t() @ gradient, 1 - b2)
            if state['step'] % group['every'] == 0:
                self.refresh(state)

    @staticmethod
    def turn(state, matrix, back=False):
        if not state['bases']:
            return matrix
        left, right = state['bases']['left'], state['bases']['right']
        return left @ matrix @ right.t() if back else left.t() @ matrix @ right

    @staticmethod
    def refresh(state):
        """One step of the power method for each basis, largest first, the second moment's axes moved along."""
        for side, axis in (('left', 0), ('right', 1)):
            basis, factor = state['bases'][side], state['factors'][side]
            product = factor @ basis
            order = (basis * product).sum(0).argsort(descending=True)
            state['square'] = state['square'].index_select(axis, order)
            state['bases'][side] = torch.linalg.qr(product[:, order])[0]
