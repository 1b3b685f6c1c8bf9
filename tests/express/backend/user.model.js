import { randomUUID } from 'node:crypto'

import bcrypt from 'bcrypt'
import jwt from 'jsonwebtoken'
import mongoose, { Schema } from 'mongoose'

const userSchema = new Schema(
  {
    username: { type: String, required: true, unique: true, lowercase: true, trim: true, index: true },
    email: { type: String, required: true, unique: true, lowercase: true, trim: true },
    fullname: { type: String, required: true, trim: true, index: true },
    avatar: { type: String, default: '' },
    coverImage: { type: String, default: '' },
    watchHistory: [{ type: Schema.Types.ObjectId, ref: 'Video' }],
    password: { type: String, required: [true, 'Password is required'] },
    refreshToken: { type: String },
  },
  { timestamps: true },
)

userSchema.pre('save', async function () {
  if (this.isModified('password')) this.password = await bcrypt.hash(this.password, 10)
})

userSchema.methods.isPasswordCorrect = function (password) {
  return bcrypt.compare(password, this.password)
}

userSchema.methods.generateAccessToken = function () {
  const { id: _id, email, username, fullname } = this
  const expiresIn = process.env.ACCESS_TOKEN_EXPIRY ?? '15m'
  return jwt.sign({ _id, email, username, fullname }, process.env.ACCESS_TOKEN_SECRET, { expiresIn })
}

userSchema.methods.generateRefreshToken = function () {
  const expiresIn = process.env.REFRESH_TOKEN_EXPIRY ?? '15d'
  return jwt.sign({ _id: this.id, jti: randomUUID() }, process.env.REFRESH_TOKEN_SECRET, { expiresIn })
}

export const User = mongoose.model('User', userSchema)
